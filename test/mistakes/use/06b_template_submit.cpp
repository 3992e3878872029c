// SPDX-License-Identifier: Apache-2.0
// A function template named without saying which.
// expect: this_names_several_functions
// expect: f<int>

#include <string>

#include <quartet/quartet.hpp>

template <class T> T twice(T x);
quartet::task<std::string> use(quartet::thread_pool& pool) {
  std::string const all = co_await pool.submit(twice, std::string("a"));
  co_return all;
}
