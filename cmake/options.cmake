# SPDX-License-Identifier: Apache-2.0
# What a builder may choose, and the flags that every target gets.
option(QUARTET_SIM "let the simulator take the seam's operations over (a flag test each)" ON)
option(QUARTET_CHECK "watch quartet's own data for races in simulated runs (a test each use)" OFF)
option(QUARTET_TESTS "build the tests" ${PROJECT_IS_TOP_LEVEL})
option(QUARTET_EXAMPLES "build the examples" ${PROJECT_IS_TOP_LEVEL})
option(QUARTET_BENCH "build the benchmarks" ${PROJECT_IS_TOP_LEVEL})
option(QUARTET_WERROR "treat warnings as errors" ${PROJECT_IS_TOP_LEVEL})
set(QUARTET_SANITIZE "" CACHE STRING "address,undefined or thread")
set(QUARTET_TEST_OPTIONS "" CACHE STRING "options of the compiler for the tests alone")
set(QUARTET_TESTS_WITHOUT "" CACHE STRING "the folders of tests to leave out, an expression")

if(NOT CMAKE_BUILD_TYPE AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug or Release" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)

find_program(QUARTET_CCACHE ccache)
if(QUARTET_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without these it leaves precompiled headers, and whoever uses one, to the compiler.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    ${QUARTET_CCACHE})
endif()

# What users of the library get too.
add_library(quartet_flags INTERFACE)
target_compile_features(quartet_flags INTERFACE cxx_std_20)
target_compile_definitions(quartet_flags INTERFACE QUARTET_SIM=$<BOOL:${QUARTET_SIM}>)
if(QUARTET_CHECK)
  target_compile_definitions(quartet_flags INTERFACE QUARTET_CHECK=1 QUARTET_CHECK_OWN=1)
endif()
target_include_directories(quartet_flags INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
target_link_libraries(quartet_flags INTERFACE Threads::Threads)
if(QUARTET_SANITIZE)
  target_compile_options(quartet_flags INTERFACE
    -fsanitize=${QUARTET_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(quartet_flags INTERFACE -fsanitize=${QUARTET_SANITIZE})
endif()

# What only our own sources get.
add_library(quartet_warnings INTERFACE)
target_compile_options(quartet_warnings INTERFACE
  -Wall -Wextra -Wshadow $<$<BOOL:${QUARTET_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(quartet_warnings INTERFACE -Wno-restrict)  # warns of "x" + std::string()
endif()
