# SPDX-License-Identifier: Apache-2.0
# What is installed: the headers, one library a module, bin/quartet, and what find_package needs.
# Each component is an export of its own, so that a user without it needs none of its libraries.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/quartet)

install(DIRECTORY include/quartet DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(TARGET quartet_program)
  install(TARGETS quartet_program)
endif()

install(TARGETS quartet_flags quartet_quartet_all EXPORT quartet)
foreach(module IN LISTS QUARTET_BUILT)
  quartet_target(${module} target)
  set(component ${QUARTET_${module}_COMPONENT})
  if(NOT component)
    install(TARGETS ${target} EXPORT quartet)
  elseif(NOT component STREQUAL "cli")
    install(TARGETS ${target} EXPORT quartet_${component})
    install(EXPORT quartet_${component} NAMESPACE quartet:: DESTINATION ${package_dir})
    string(APPEND component_needs
      "set(quartet_${component}_NEEDS \"${QUARTET_${module}_NEEDS}\")\n")
  endif()
endforeach()
install(EXPORT quartet NAMESPACE quartet:: DESTINATION ${package_dir})

configure_file(cmake/quartetConfig.cmake.in quartetConfig.cmake @ONLY)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/quartetConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES cmake/quartet_check.cmake ${PROJECT_BINARY_DIR}/quartetConfig.cmake
  ${PROJECT_BINARY_DIR}/quartetConfigVersion.cmake DESTINATION ${package_dir})
