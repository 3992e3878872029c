# SPDX-License-Identifier: Apache-2.0
# quartet_check(TARGET): its uses of quartet::shared data are watched when it explores schedules,
# and reports name their lines. For all files of a target, since the two forms do not mix.
function(quartet_check target)
  target_compile_definitions(${target} PRIVATE QUARTET_CHECK=1)
  # Of Clang's DWARF 5 addr2line (binutils 2.40) does not understand which calls were inlined.
  target_compile_options(${target} PRIVATE -g1 $<$<CXX_COMPILER_ID:Clang>:-gdwarf-4>)
endfunction()
