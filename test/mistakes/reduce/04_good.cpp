// SPDX-License-Identifier: Apache-2.0
// Begun with the type of the result; items of a narrower one; a function of the items.
// compiles

#include <string>

#include <quartet/algo/reduce.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

double sum(quartet::thread_pool& pool, std::vector<int> const& all) {
  return quartet::reduce(pool, all, 0.0).blocking_get();
}
std::size_t letters(quartet::thread_pool& pool, std::vector<std::string> const& all) {
  auto const length = [](std::string const& s) { return s.size(); };
  return quartet::reduce(pool, all, std::size_t{0}, std::plus<>(), length).blocking_get();
}
