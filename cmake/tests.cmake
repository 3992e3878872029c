# SPDX-License-Identifier: Apache-2.0
# One program for each folder below test/ with *.test.cpp files: test/exec/loop is test_exec_loop.
# It links the modules that its files include; nobody has to say which.
if(NOT QUARTET_TESTS)
  return()
endif()
enable_testing()
find_package(GTest QUIET)
if(NOT GTest_FOUND)
  message(STATUS "quartet: the tests are left out, they need GoogleTest")
  return()
endif()
include(GoogleTest)

# What every test is compiled with; reports name lines of the tests, in every build.
add_library(quartet_test_flags INTERFACE)
target_link_libraries(quartet_test_flags INTERFACE quartet_warnings quartet_flags GTest::gtest)
target_compile_definitions(quartet_test_flags INTERFACE
  QUARTET_SOURCE_DIR="${PROJECT_SOURCE_DIR}" QUARTET_BINARY_DIR="${PROJECT_BINARY_DIR}")
target_compile_options(quartet_test_flags INTERFACE
  -g1 $<$<CXX_COMPILER_ID:Clang>:-gdwarf-4> ${QUARTET_TEST_OPTIONS})

add_library(quartet_test_main OBJECT test/main.cpp)
target_link_libraries(quartet_test_main PRIVATE quartet_test_flags)
# GoogleTest's header is a good part of what a test costs to compile.
target_precompile_headers(quartet_test_main PRIVATE <gtest/gtest.h>)

function(quartet_link_modules target scope)
  foreach(module IN LISTS ARGN)
    if(module IN_LIST QUARTET_BUILT)
      quartet_target(${module} library)
      target_link_libraries(${target} ${scope} ${library})
    endif()
  endforeach()
endfunction()

file(GLOB_RECURSE support CONFIGURE_DEPENDS test/support/*.cpp)
list(FILTER support EXCLUDE REGEX "\\.test\\.cpp$")
if(support)
  add_library(quartet_test_support STATIC ${support})
  target_include_directories(quartet_test_support PUBLIC test)
  target_link_libraries(quartet_test_support PUBLIC quartet_flags GTest::gtest
    PRIVATE quartet_warnings)
  quartet_link_modules(quartet_test_support PUBLIC ${QUARTET_TEST_SUPPORT_USES})
endif()

function(quartet_test_folder folder)
  string(REPLACE "/" "_" target test_${folder})
  set(prefix ${folder}/)
  set(report ${folder})
  file(GLOB sources CONFIGURE_DEPENDS test/${folder}/*.cpp)
  if(folder STREQUAL ".")
    set(target test_quartet)
    set(prefix "")
    set(report quartet)
    list(FILTER sources INCLUDE REGEX "\\.test\\.cpp$")
  endif()
  if(("${folder}" MATCHES "^(jobs/|cli)") AND NOT folder IN_LIST QUARTET_BUILT)
    return()
  endif()
  add_executable(${target} ${sources} $<TARGET_OBJECTS:quartet_test_main>)
  target_link_libraries(${target} PRIVATE quartet_test_flags)
  target_include_directories(${target} PRIVATE test src/${folder})
  if(QUARTET_${folder}_OPTIMISE AND CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_compile_options(${target} PRIVATE -O2)
  else()
    target_precompile_headers(${target} REUSE_FROM quartet_test_main)
  endif()
  if(folder STREQUAL "test")  # its reports name who calls: no jumps, no functions made one of two
    target_compile_options(${target} PRIVATE -fno-optimize-sibling-calls
      $<$<CXX_COMPILER_ID:GNU>:-fno-ipa-icf>)
  endif()
  if(folder STREQUAL "races")  # a thread stands in for the pool's watchdog
    target_include_directories(${target} PRIVATE src/exec/threads)
  endif()
  quartet_link_modules(${target} PRIVATE ${QUARTET_TEST_${folder}_USES})
  if(folder STREQUAL "cli" AND TARGET quartet_program)
    add_dependencies(${target} quartet_program)  # some tests run it
    if(TARGET example_races)
      add_dependencies(${target} example_races)  # one lets it be explored
    endif()
  endif()
  if(TARGET quartet_test_support)
    target_link_libraries(${target} PRIVATE quartet_test_support)
  endif()
  if(folder MATCHES "^(cli|exec/processes)$")  # they fork: under thread sanitizer before any thread
    set(label alone)
  else()
    set(label single)
  endif()
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST TEST_PREFIX "${prefix}"
    DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300 LABELS ${label})
  # Where starting a program takes long its cases run in one: see run_tests in tools/dev.d.
  if(QUARTET_SANITIZE AND label STREQUAL "single")
    add_test(NAME ${report}/whole
      COMMAND ${target} --gtest_output=xml:${PROJECT_BINARY_DIR}/cases/${report}.xml)
    set_tests_properties(${report}/whole PROPERTIES TIMEOUT 1200 LABELS whole)
  endif()
endfunction()

foreach(folder IN LISTS QUARTET_TEST_FOLDERS)
  if(QUARTET_TESTS_WITHOUT AND folder MATCHES "${QUARTET_TESTS_WITHOUT}")
    continue()  # of whom the preset would learn nothing that another has not said
  endif()
  quartet_test_folder(${folder})
endforeach()

# What tools/ and dev do, tested in Python.
file(GLOB tool_tests CONFIGURE_DEPENDS test/tools/*_test.py)
foreach(source IN LISTS tool_tests)
  get_filename_component(name ${source} NAME_WE)
  add_test(NAME tools/${name} COMMAND ${Python3_EXECUTABLE} -B ${source})
  set_tests_properties(tools/${name} PROPERTIES LABELS tools TIMEOUT 600 COST 50
    ENVIRONMENT "CXX=${CMAKE_CXX_COMPILER};QUARTET_BUILD=${PROJECT_BINARY_DIR}")
endforeach()

# What an example prints stands in examples/NAME.expected, or in NAME.lines if the order varies.
if(QUARTET_EXAMPLES)
  file(GLOB examples CONFIGURE_DEPENDS examples/*.cpp)
  file(GLOB expected CONFIGURE_DEPENDS examples/*.expected examples/*.lines)
  foreach(source IN LISTS examples)
    get_filename_component(name ${source} NAME_WE)
    set(expectation)
    foreach(kind IN ITEMS expected lines)
      if(${PROJECT_SOURCE_DIR}/examples/${name}.${kind} IN_LIST expected)
        string(TOUPPER ${kind} variable)
        list(APPEND expectation -D${variable}=${PROJECT_SOURCE_DIR}/examples/${name}.${kind})
      endif()
    endforeach()
    add_test(NAME examples/${name} COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:example_${name}>
      ${expectation} -P ${PROJECT_SOURCE_DIR}/cmake/run_example.cmake)
    set_tests_properties(examples/${name} PROPERTIES LABELS examples TIMEOUT 120)
  endforeach()
endif()

# Mistakes that the compiler must refuse, and name: a folder of programs for each interface.
file(GLOB mistakes CONFIGURE_DEPENDS LIST_DIRECTORIES true test/mistakes/*)
foreach(folder IN LISTS mistakes)
  get_filename_component(name ${folder} NAME)
  add_test(NAME mistakes/${name} COMMAND ${Python3_EXECUTABLE} -B
    ${PROJECT_SOURCE_DIR}/tools/must_not_compile.py ${folder} --compiler ${CMAKE_CXX_COMPILER})
  set_tests_properties(mistakes/${name} PROPERTIES LABELS mistakes TIMEOUT 600
    COST 100)  # those take longest: first
endforeach()
