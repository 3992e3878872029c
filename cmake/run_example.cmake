# SPDX-License-Identifier: Apache-2.0
# Runs PROGRAM; fails if it fails, or if its output is not what the file EXPECTED holds.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE output RESULT_VARIABLE status)
message("${output}")
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} ended with ${status}")
endif()
if(EXPECTED)
  file(READ ${EXPECTED} expected)
  if(NOT output STREQUAL expected)
    message(FATAL_ERROR "expected, from ${EXPECTED}:\n${expected}")
  endif()
endif()
