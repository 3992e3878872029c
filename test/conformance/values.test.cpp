// SPDX-License-Identifier: Apache-2.0
// What goes into a call and comes out of it.
#include <functional>
#include <stdexcept>

#include <quartet/exec/processes/process_pool.hpp>
#include <quartet/models/make_executor.hpp>

#include "calls.hpp"
#include "cell.hpp"

using namespace conformance;
using namespace quartet;

namespace {

std::unique_ptr<int> increment(std::unique_ptr<int> p) {
  ++*p;
  return p;
}
task<std::unique_ptr<int>> increment_later(std::unique_ptr<int> p) {
  co_await yield();
  ++*p;
  co_return p;
}

std::string reversed(std::string text) { return {text.rbegin(), text.rend()}; }
task<std::string> reversed_later(std::string text) {
  co_await yield();
  co_return std::string(text.rbegin(), text.rend());
}

int with_parts(std::string const& text, std::vector<int> const& numbers, bool minus) {
  int sum = static_cast<int>(text.size());
  for (int n : numbers) sum += n;
  return minus ? -sum : sum;
}
task<int> with_parts_later(std::string text, std::vector<int> numbers, bool minus) {
  co_await yield();
  co_return with_parts(text, numbers, minus);
}

void add_to(int& sum, int x) { sum += x; }
task<> add_to_later(int& sum, int x) {
  co_await yield();
  sum += x;
}

struct multiplier {  // an aggregate with state: sent by its member
  int factor = 0;
  int operator()(int x) const { return factor * x; }
};
struct late_multiplier {
  int factor = 0;
  task<int> operator()(int x) const { return run(factor, x); }
  static task<int> run(int f, int x) {
    co_await yield();
    co_return f* x;
  }
};

int level_is_accepted(int x) { return x; }
task<int> level_is_accepted_later(int x) {
  co_await yield();
  co_return x;
}
std::string own_name() {
  char const* const name = current_task() == nullptr ? nullptr : current_task()->name;
  return name == nullptr ? "" : name;
}
task<std::string> own_name_later() {
  co_await yield();
  co_return own_name();
}

}  // namespace

QUARTET_CONFORMANCE(a_value_arrives) {
  any_executor ex = c.make();
  EXPECT_EQ((c.submit<&twice, &twice_later>(ex, 21).blocking_get()), 42);
}

QUARTET_CONFORMANCE(a_call_without_result_ends) {
  scratch s;
  any_executor ex = c.make();
  c.submit<&mark_now, &mark_later>(ex, s.file("marks")).blocking_get();
  EXPECT_EQ(marks(s.file("marks")), 1u);
}

QUARTET_CONFORMANCE(several_arguments_keep_their_order) {
  any_executor ex = c.make();
  auto f =
      c.submit<&with_parts, &with_parts_later>(ex, std::string("abc"), std::vector{4, 5}, true);
  EXPECT_EQ(f.blocking_get(), -12);
}

QUARTET_CONFORMANCE(a_function_pointer_is_called) {
  any_executor ex = c.make();
  auto f = c.coroutine ? ex.submit(&twice_later, 4) : ex.submit(&twice, 4);
  EXPECT_EQ(f.blocking_get(), 8);
}

QUARTET_CONFORMANCE(a_function_object_brings_its_state) {
  any_executor ex = c.make();
  auto f = c.coroutine ? ex.submit(late_multiplier{6}, 7) : ex.submit(multiplier{6}, 7);
  EXPECT_EQ(f.blocking_get(), 42);
}

QUARTET_CONFORMANCE(a_lambda_without_captures_is_called) {
  any_executor ex = c.make();
  auto const now = [](int x) { return x + 1; };
  auto const later = [](int x) -> task<int> {
    co_await yield();
    co_return x + 1;
  };
  auto f = c.coroutine ? ex.submit(later, 1) : ex.submit(now, 1);
  EXPECT_EQ(f.blocking_get(), 2);
}

QUARTET_CONFORMANCE(move_only_arguments_and_results_move) {
  any_executor ex = c.make();
  auto f = c.submit<&increment, &increment_later>(ex, std::make_unique<int>(41));
  EXPECT_EQ(*f.blocking_get(), 42);
}

QUARTET_CONFORMANCE(move_only_items_of_map_move) {
  any_executor ex = c.make();
  std::vector<std::unique_ptr<int>> items;
  for (int i = 0; i != 20; ++i) items.push_back(std::make_unique<int>(i));
  auto const all = c.map<&increment, &increment_later>(ex, std::move(items)).blocking_get();
  ASSERT_EQ(all.size(), 20u);
  for (int i = 0; i != 20; ++i) EXPECT_EQ(*all[static_cast<std::size_t>(i)], i + 1);
}

QUARTET_CONFORMANCE(a_mebibyte_goes_in_and_comes_out) {
  any_executor ex = c.make();
  std::string text(std::size_t{1} << 20, 'a');
  text.back() = 'z';
  std::string const back = c.submit<&reversed, &reversed_later>(ex, text).blocking_get();
  EXPECT_EQ(back.size(), text.size());
  EXPECT_EQ(back.front(), 'z');
  EXPECT_EQ(back.back(), 'a');
}

QUARTET_CONFORMANCE(a_reference_to_the_callers_data) {
  if (!c.on.here) {
    c.differs("does not compile: a reference means nothing in another process");
    using function = decltype(fn<&add_to>);
    static_assert(!submittable<process_pool, function, std::reference_wrapper<int>, int>);
    static_assert(!submittable<any_executor, function, std::reference_wrapper<int>, int>);
    return;
  }
  any_local_executor ex = c.make_local();
  int sum = 1;
  c.submit<&add_to, &add_to_later>(ex, std::ref(sum), 2).blocking_get();
  EXPECT_EQ(sum, 3);
}

QUARTET_CONFORMANCE(a_lambda_with_captures) {
  int k = 40;
  auto const now = [&k](int x) { return x + k; };
  auto const later = [&k](int x) { return late_multiplier::run(1, x + k); };
  if (!c.on.here) {
    c.differs("does not compile: what a lambda captures cannot be looked at, so not be sent");
    static_assert(!submittable<process_pool, decltype(now), int>);
    static_assert(!submittable<process_pool, decltype(later), int>);
    return;
  }
  any_local_executor ex = c.make_local();
  auto f = c.coroutine ? ex.submit(later, 2) : ex.submit(now, 2);
  EXPECT_EQ(f.blocking_get(), 42);
}

QUARTET_CONFORMANCE(through_its_own_type) { EXPECT_EQ(c.on.by_own_type(c.coroutine), 42); }

QUARTET_CONFORMANCE(through_an_any_executor_that_moves) {
  any_executor first = c.make();
  auto under_way = c.submit<&twice, &twice_later>(first, 4);
  any_executor second(std::move(first));
  EXPECT_EQ(under_way.blocking_get(), 8);
  auto const all = c.map<&twice, &twice_later>(second, std::vector{1, 2, 3}).blocking_get();
  EXPECT_EQ(all, (std::vector{2, 4, 6}));
}

QUARTET_CONFORMANCE(through_any_local_executor) {
  if (!c.on.here) {
    c.differs("is refused: any_local_executor takes any callable, and those cannot all be sent");
    static_assert(!std::constructible_from<any_local_executor, process_pool&>);
    EXPECT_THROW(static_cast<void>(make_local_executor("processes")), std::invalid_argument);
    return;
  }
  any_local_executor ex = c.make_local();
  EXPECT_EQ((c.submit<&twice, &twice_later>(ex, 4).blocking_get()), 8);
  auto const all = c.map<&twice, &twice_later>(ex, std::vector{1, 2, 3}).blocking_get();
  EXPECT_EQ(all, (std::vector{2, 4, 6}));
}

QUARTET_CONFORMANCE(every_level_of_priority_is_accepted) {
  any_executor ex = c.make();
  int x = 0;
  for (priority p : {priority::background, priority::normal, priority::high, priority::urgent})
    EXPECT_EQ((c.submit_with<&level_is_accepted, &level_is_accepted_later>(ex, {.level = p}, ++x)
                   .blocking_get()),
              x);
}

QUARTET_CONFORMANCE(a_call_knows_its_name) {
  any_executor ex = c.make();
  auto const name =
      c.submit_with<&own_name, &own_name_later>(ex, {.name = "shrink"}).blocking_get();
  if (!c.on.here) {
    c.differs("is empty inside the worker: the name stays with the caller, for its errors");
    EXPECT_EQ(name, "");
    return;
  }
  EXPECT_EQ(name, "shrink");
}
