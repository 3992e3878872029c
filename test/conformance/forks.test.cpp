// SPDX-License-Identifier: Apache-2.0
// Calls that divide their work: on a pool others take a part of it, elsewhere it runs in order.
#include <stdexcept>

#include <quartet/algo/fork_each.hpp>
#include <quartet/algo/fork_join.hpp>
#include <quartet/algo/parallel_each.hpp>
#include <quartet/algo/parallel_invoke.hpp>

#include "calls.hpp"
#include "cell.hpp"

using namespace conformance;
using namespace quartet;

namespace {

/// A branch that waits, for coroutines; functions have the number itself.
task<int> later(int n) {
  co_await yield();
  co_return n;
}

int in_order(int n) {
  auto const [a, b, c] = parallel_invoke([n] { return n; }, [n] { return n + 1; },  //
                                         [n] { return n + 2; });
  return a * 100 + b * 10 + c;
}
task<int> in_order_later(int n) {
  auto const [a, b, c] = co_await fork_join([n] { return later(n); }, [n] { return n + 1; },
                                            [n] { return later(n + 2); });
  co_return a * 100 + b * 10 + c;
}

int fib(int n) {
  if (n < 2) return n;
  auto const [a, b] = parallel_invoke([n] { return fib(n - 1); }, [n] { return fib(n - 2); });
  return a + b;
}
task<int> fib_later(int n) {
  if (n < 2) {
    co_await yield();
    co_return n;
  }
  auto const [a, b] =
      co_await fork_join([n] { return fib_later(n - 1); }, [n] { return fib_later(n - 2); });
  co_return a + b;
}

int refused(int n) { throw std::invalid_argument("branch " + std::to_string(n)); }
int too_large(int n) { throw std::out_of_range("branch " + std::to_string(n)); }

int second_fails(int n) {
  parallel_invoke([n] { return n; }, [n] { return refused(n); }, [n] { return too_large(n); });
  return n;
}
task<int> second_fails_later(int n) {
  auto const waits_first = [n]() -> task<int> {
    co_await yield();
    co_return refused(n);
  };
  auto const at_once = [n]() -> task<int> { co_return too_large(n); };
  co_await fork_join([n] { return later(n); }, waits_first, at_once);
  co_return n;
}

std::size_t called_once(std::vector<int> const& times) {
  std::size_t once = 0;
  for (int const n : times) once += n == 1;
  return once;
}
int each_once(int n) {
  std::vector<int> times(static_cast<std::size_t>(n));
  parallel_each(times.size(), [&](std::size_t i) { ++times[i]; });
  return static_cast<int>(called_once(times));
}
task<int> each_once_later(int n) {
  std::vector<int> times(static_cast<std::size_t>(n));
  auto const branch = [&](std::size_t i) -> task<> {
    co_await yield();
    ++times[i];
  };
  co_await fork_each(times.size(), branch);
  co_return static_cast<int>(called_once(times));
}

int loop_fails(int n) {
  parallel_each(static_cast<std::size_t>(n), [](std::size_t i) {
    if (i == 7) refused(static_cast<int>(i));
  });
  return n;
}
task<int> loop_fails_later(int n) {
  auto const branch = [](std::size_t i) -> task<> {
    co_await yield();
    if (i == 7) refused(static_cast<int>(i));
  };
  co_await fork_each(static_cast<std::size_t>(n), branch);
  co_return n;
}

}  // namespace

QUARTET_CONFORMANCE(a_fork_gives_its_results_in_the_order_written) {
  any_executor ex = c.make(3);
  EXPECT_EQ((c.submit<&in_order, &in_order_later>(ex, 5).blocking_get()), 567);
}

QUARTET_CONFORMANCE(forks_within_forks) {
  for (unsigned const workers : {1U, 3U}) {
    any_executor ex = c.make(workers);
    EXPECT_EQ((c.submit<&fib, &fib_later>(ex, 14).blocking_get()), 377);
  }
}

QUARTET_CONFORMANCE(calls_that_fork_side_by_side) {
  any_executor ex = c.make(3);
  EXPECT_EQ((c.map<&fib, &fib_later>(ex, std::vector{10, 11, 12, 13}).blocking_get()),
            (std::vector{55, 89, 144, 233}));
}

QUARTET_CONFORMANCE(a_fork_throws_the_failure_written_first) {
  any_executor ex = c.make(3);
  auto f = c.submit<&second_fails, &second_fails_later>(ex, 5);
  EXPECT_THROW(f.blocking_get(), std::invalid_argument);
  EXPECT_EQ((c.submit<&twice, &twice_later>(ex, 4).blocking_get()), 8);
}

QUARTET_CONFORMANCE(a_loop_that_forks_calls_every_item_once) {
  any_executor ex = c.make(3);
  for (int const n : {0, 1, 7, 1000})
    EXPECT_EQ((c.submit<&each_once, &each_once_later>(ex, n).blocking_get()), n);
}

QUARTET_CONFORMANCE(a_loop_that_forks_throws_the_failure_of_an_item) {
  any_executor ex = c.make(3);
  auto f = c.submit<&loop_fails, &loop_fails_later>(ex, 100);
  EXPECT_THROW(f.blocking_get(), std::invalid_argument);
}
