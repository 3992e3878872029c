// SPDX-License-Identifier: Apache-2.0
// compile: how long the compiler works on the smallest program that has one call run elsewhere.
// The programs are in Python: each has the text of its smallest file, support/compile_time.py
// compiles it.
#pragma once

namespace compile {

inline constexpr int compilations = 3;  // of which the shortest counts

}  // namespace compile
