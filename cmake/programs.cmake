# SPDX-License-Identifier: Apache-2.0
# The programs: bin/quartet, the photo generator, the table of cases, the seam's cost,
# the examples.
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

# What the simulator makes of the acceptance cases, and of its goals; ./dev cases and ./dev bench
# build them.
file(GLOB cases CONFIGURE_DEPENDS test/cases/*.cpp)
list(FILTER cases EXCLUDE REGEX "\\.test\\.cpp$")
foreach(table IN ITEMS sim_cases sim_goals)
  add_executable(${table} EXCLUDE_FROM_ALL tools/${table}.cpp ${cases})
  target_include_directories(${table} PRIVATE test)
  target_link_libraries(${table} PRIVATE quartet::quartet quartet_warnings)
endforeach()
target_link_libraries(sim_goals PRIVATE quartet_test)

# What tools/seam_cost.py counts and tools/seam_code.py looks at, built with the seam's hooks and
# without; padding between instructions is no work.
add_executable(seam_cost EXCLUDE_FROM_ALL tools/seam_cost.cpp)
target_compile_options(seam_cost PRIVATE -fno-align-loops -fno-align-jumps)
target_link_libraries(seam_cost PRIVATE quartet_algo quartet_exec_threads quartet_warnings)
foreach(kind IN ITEMS shared watched)
  add_library(seam_cost_${kind} OBJECT EXCLUDE_FROM_ALL tools/seam_cost_shared.cpp)
  target_link_libraries(seam_cost_${kind} PRIVATE quartet_seam quartet_warnings)
endforeach()
target_compile_definitions(seam_cost_watched PRIVATE QUARTET_CHECK=1)

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
