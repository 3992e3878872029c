# SPDX-License-Identifier: Apache-2.0
# The programs: bin/quartet, the photo generator, the table of cases, the examples.
if("cli" IN_LIST QUARTET_BUILT AND EXISTS ${PROJECT_SOURCE_DIR}/src/cli/main.cpp)
  add_executable(quartet_program src/cli/main.cpp)
  set_target_properties(quartet_program PROPERTIES OUTPUT_NAME quartet)
  target_link_libraries(quartet_program PRIVATE quartet_cli quartet_warnings)
endif()

if(EXISTS ${PROJECT_SOURCE_DIR}/tools/make_photos.cpp)
  quartet_package(JPEG jpeg)
  if(jpeg)
    add_executable(make_photos tools/make_photos.cpp)
    target_link_libraries(make_photos PRIVATE quartet::quartet quartet_warnings ${jpeg})
  endif()
endif()

# What the simulator makes of the acceptance cases, as a table; ./dev cases builds it.
file(GLOB cases CONFIGURE_DEPENDS test/cases/*.cpp)
list(FILTER cases EXCLUDE REGEX "\\.test\\.cpp$")
add_executable(sim_cases EXCLUDE_FROM_ALL tools/sim_cases.cpp ${cases})
target_include_directories(sim_cases PRIVATE test)
target_link_libraries(sim_cases PRIVATE quartet::quartet quartet_warnings)

if(QUARTET_EXAMPLES)
  file(GLOB examples CONFIGURE_DEPENDS examples/*.cpp)
  foreach(source IN LISTS examples)
    get_filename_component(name ${source} NAME_WE)
    add_executable(example_${name} ${source})
    target_link_libraries(example_${name} PRIVATE quartet::quartet quartet_warnings)
    # The same program beside the C headers whose names could clash with ours.
    add_library(example_${name}_beside_c OBJECT ${source})
    target_compile_options(example_${name}_beside_c PRIVATE
      "SHELL:-include unistd.h" "SHELL:-include sys/socket.h")
    target_link_libraries(example_${name}_beside_c PRIVATE quartet::quartet quartet_warnings)
  endforeach()
endif()
