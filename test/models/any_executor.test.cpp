// SPDX-License-Identifier: Apache-2.0
// Handles to executors: owning, borrowing, moving.
#include <gtest/gtest.h>

#include <quartet/exec/inline/inline_executor.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/processes/process_pool.hpp>
#include <quartet/models/any_executor.hpp>

using namespace quartet;

namespace {
int twice(int x) { return 2 * x; }

struct with_hidden_state {
  explicit with_hidden_state(int* p) : to(p) {}
  int operator()(int x) const { return *to + x; }
  int* to;
};
}  // namespace

TEST(any_executor, refers_to_an_executor_that_lives_elsewhere) {
  event_loop loop;
  any_executor ex(loop);
  EXPECT_EQ(ex.submit(&twice, 4).blocking_get(), 8);
}

TEST(any_executor, may_move_while_calls_are_under_way) {
  any_executor first(std::make_unique<event_loop>());
  auto f = first.submit(&twice, 4);
  any_executor second(std::move(first));
  EXPECT_EQ(f.blocking_get(), 8);
  EXPECT_EQ(second.submit(&twice, 5).blocking_get(), 10);
}

TEST(any_executor, says_by_its_type_what_it_takes) {
  static_assert(submittable<any_executor, int (*)(int), int>);
  static_assert(!submittable<any_executor, with_hidden_state, int>);
  static_assert(submittable<any_local_executor, with_hidden_state, int>);
  static_assert(!submittable<any_executor, int (*)(int), std::string>);  // not callable at all
  static_assert(std::constructible_from<any_executor, process_pool&>);
  static_assert(!std::constructible_from<any_local_executor, process_pool&>);
  static_assert(std::constructible_from<any_local_executor, inline_executor&>);
}
