// SPDX-License-Identifier: Apache-2.0
// The same work on two executors: one after the other, and under many schedules.
#pragma once

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

#include <quartet/exec/inline/inline_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/test/detail/printed.hpp>
#include <quartet/test/explore.hpp>

namespace quartet {

namespace detail {
struct make_two_workers {
  thread_pool operator()() const { return thread_pool({.workers = 2}); }
};

/// Runs `b` once in this process, in a simulated machine without faults. Nothing: it ended well.
std::optional<explore_failure> failure_under_sync(explore_options const& o, explored_body b);
[[gnu::cold]] void fail_different(std::string const& under_sync, std::string const& here,
                                  place where);

template <class R> std::string shown(R const& r) {
  return is_printable<R>() ? printed(r) : "cannot be printed; operator<< would show it";
}
}  // namespace detail

/// Does `work(executor)` once under `sync` (an `inline_executor`), then explores it on the
/// executors that `make()` gives, a pool of two workers for one. A schedule in which the result is
/// another one fails: "a different result from the same work under sync".
///   explore_against_sync({}, [](auto& on) { return count_words(on, texts); })
/// `work` takes each executor: as `auto&`, as `executor_members<any_call>&` or as an
/// `any_local_executor` by value. Whatever it uses it makes itself; its result has an operator==.
/// Example: test/against_sync.test.cpp, work_that_depends_on_the_order_is_found.
/// Blocks: the thread. Stop: not concerned.
/// Errors: as explore. A deadlock, a failed check or an exception under sync is the failure of the
/// report, "… under sync"; a crash there is one of this process.
template <class Work, class Make = detail::make_two_workers>
explore_report explore_against_sync(explore_options const& o, Work work, Make make = {},
                                    place where = place::here()) {
  using result = std::decay_t<std::invoke_result_t<Work&, inline_executor&>>;
  static_assert(std::equality_comparable<result>,
                "quartet: the work must return a result that can be compared by operator==");
  std::optional<result> expected;
  auto under_sync = [&] {
    inline_executor sync;
    expected.emplace(work(sync));
  };
  auto failure = detail::with_body(
      under_sync, [&](detail::explored_body b) { return detail::failure_under_sync(o, b); });
  if (failure) {
    explore_report r;
    r.failure = std::move(failure);
    return r;
  }
  return explore(o, [&] {
    auto on = make();
    result const got = work(on);
    if (!(got == *expected))
      detail::fail_different(detail::shown(*expected), detail::shown(got), where);
  });
}

}  // namespace quartet
