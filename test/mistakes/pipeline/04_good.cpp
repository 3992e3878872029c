// SPDX-License-Identifier: Apache-2.0
// A range and a function as source; stages of each kind.
// compiles

#include <string>

#include <quartet/algo/pipeline.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

using namespace quartet;

std::vector<std::size_t> run(thread_pool& pool, std::vector<int> const& all) {
  auto const text = [](int x) { return std::to_string(x); };
  auto const size = [](std::string s) -> task<std::size_t> { co_return s.size(); };
  pipeline(
      pool, [] { return std::optional<int>(); }, one_at_a_time(text), in_order(size),
      [](std::size_t) {})
      .blocking_get();
  return pipeline(pool, {.in_flight = 3}, all, text, parallel(size)).blocking_get();
}
