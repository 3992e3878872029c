// SPDX-License-Identifier: Apache-2.0
// std::chrono's durations, clocks and literals. GCC's <chrono> brings the streams with it in C++20,
// a tenth of the time that a small program compiles: where the part without them can be had, that.
#pragma once

#include <cstddef>  // says which standard library this is

#if defined(_GLIBCXX_RELEASE) && _GLIBCXX_RELEASE >= 12 && __has_include(<bits/chrono.h>)
#include <bits/chrono.h>  // IWYU pragma: export
#else
#include <chrono>  // IWYU pragma: export
#endif
