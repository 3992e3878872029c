# SPDX-License-Identifier: Apache-2.0
# One static library a module (an interface library where there is nothing to compile), linked to
# the modules that it may include; a forbidden include stops the build before anything is compiled.

# New folders and files are seen without asking for it; so is a change of layers.toml.
file(GLOB_RECURSE QUARTET_TREE CONFIGURE_DEPENDS include/quartet/*.hpp src/*.cpp src/*.hpp src/*.S)
file(GLOB_RECURSE QUARTET_TEST_TREE CONFIGURE_DEPENDS test/*.cpp test/*.hpp)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  layers.toml cmake/modules.py tools/tidy_rules/layers_file.py ${QUARTET_TEST_TREE})
execute_process(
  COMMAND ${Python3_EXECUTABLE} cmake/modules.py . ${PROJECT_BINARY_DIR}/modules.cmake
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} COMMAND_ERROR_IS_FATAL ANY)
include(${PROJECT_BINARY_DIR}/modules.cmake)

# Sets ${out} to the library that find_package(${name}) gives, or leaves it empty.
function(quartet_package name out)
  find_package(${name} QUIET)
  set(known_JPEG JPEG::JPEG)
  set(known_PNG PNG::PNG)
  set(known_CLI11 CLI11::CLI11)
  set(known_nlohmann_json nlohmann_json::nlohmann_json)
  set(known_fmt fmt::fmt)
  if(${name}_FOUND)
    set(${out} ${known_${name}} PARENT_SCOPE)
  endif()
endfunction()

# quartet_exec_threads for exec/threads.
function(quartet_target module out)
  string(REPLACE "/" "_" name quartet_${module})
  set(${out} ${name} PARENT_SCOPE)
endfunction()

# The include rules, checked when a file of the module has changed.
function(quartet_check_layers module target)
  set(stamp ${PROJECT_BINARY_DIR}/layers/${target}.stamp)
  list(TRANSFORM QUARTET_${module}_FILES PREPEND ${PROJECT_SOURCE_DIR}/ OUTPUT_VARIABLE files)
  add_custom_command(OUTPUT ${stamp}
    COMMAND ${Python3_EXECUTABLE} tools/tidy --layers ${module}
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/layers.toml
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} COMMENT "Includes of ${module}" VERBATIM)
  add_custom_target(${target}_layers DEPENDS ${stamp})
  add_dependencies(${target} ${target}_layers)
endfunction()

function(quartet_module module)
  quartet_target(${module} target)
  set(packages)
  foreach(need IN LISTS QUARTET_${module}_NEEDS)
    set(found)
    quartet_package(${need} found)
    if(NOT found)
      message(STATUS "quartet: ${module} is left out, it needs ${need}")
      return()
    endif()
    list(APPEND packages ${found})
  endforeach()

  set(sources ${QUARTET_${module}_FILES})
  list(FILTER sources INCLUDE REGEX "\\.(cpp|S)$")
  list(REMOVE_ITEM sources src/cli/main.cpp)
  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    # Code that may end in a shared library must still be inlined within its file, as Clang does.
    target_compile_options(${target} PRIVATE
      $<$<CXX_COMPILER_ID:GNU>:-fno-semantic-interposition>)
    target_include_directories(${target} PRIVATE src/${module})
    if(QUARTET_${module}_OPTIMISE)
      target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O2>)
    endif()
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:quartet_warnings> ${packages})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
    target_link_libraries(${target} INTERFACE ${packages})
  endif()
  target_link_libraries(${target} ${scope} quartet_flags)
  foreach(other IN LISTS QUARTET_${module}_MAY)
    if(other IN_LIST QUARTET_BUILT)
      quartet_target(${other} library)
      target_link_libraries(${target} ${scope} ${library})
    endif()
  endforeach()
  if(QUARTET_${module}_WRAPS_MAIN)
    target_link_options(${target} INTERFACE -Wl,--wrap=main)
  endif()
  quartet_check_layers(${module} ${target})
  set(QUARTET_BUILT ${QUARTET_BUILT} ${module} PARENT_SCOPE)
endfunction()

set(QUARTET_BUILT)
foreach(module IN LISTS QUARTET_MODULES)
  quartet_module(${module})
endforeach()

# What users link: floors 0 to 6 and the umbrella header as one, the rest by component.
add_library(quartet_quartet_all INTERFACE)
set_target_properties(quartet_quartet_all PROPERTIES EXPORT_NAME quartet)
add_library(quartet::quartet ALIAS quartet_quartet_all)
target_link_libraries(quartet_quartet_all INTERFACE quartet_flags)
set(QUARTET_COMPONENTS)
foreach(module IN LISTS QUARTET_BUILT)
  quartet_target(${module} target)
  set(component ${QUARTET_${module}_COMPONENT})
  if(component)
    list(APPEND QUARTET_COMPONENTS ${component})
    set_target_properties(${target} PROPERTIES EXPORT_NAME ${component})
    add_library(quartet::${component} ALIAS ${target})
  else()
    target_link_libraries(quartet_quartet_all INTERFACE ${target})
  endif()
endforeach()
