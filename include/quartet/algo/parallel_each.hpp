// SPDX-License-Identifier: Apache-2.0
// `parallel_each`: a loop in plain code that others may take a part of.
//
// The thread runs the loop itself, from the front, in chunks of some microseconds. While somebody
// is without work and nothing lies ready for him, it forks: the farther half of what is left is
// offered, the nearer half goes on (lazy binary splitting, Tzannes et al., PPoPP 2010, with the
// pool's sleep word as the sign of demand); but not if all that is left would be done sooner than
// somebody else could come for it. So a long loop beside which nobody is idle is a plain loop; one
// whose items turn out uneven is split where it is still long.
// Of few items nothing is known until one of them has run, and that one may take a second in which
// others become idle. So they are offered at once, half, a quarter, an eighth of them; what nobody
// has come for is then run as a plain loop. Of many, one is run first.
#pragma once

#include <algorithm>

#include <quartet/algo/parallel_invoke.hpp>
#include <quartet/core/detail/pace.hpp>

namespace quartet {

namespace detail {

/// Threads: `run` by the thread of `e`. Stop: not looked at. Errors: what `F` throws.
/// Lifetime: on the stack of the thread that runs it; refers to the callable.
template <class F> class each_loop {
 public:
  each_loop(execution& e, F& f, pace p) noexcept : thread_(e), f_(f), pace_(p) {}

  void run(std::size_t first, std::size_t last) {
    std::size_t const n = last - first;
    if (n > 1 && n < many && (pace_.is_fresh() || is_wanted(first, last)))
      split(first, last);
    else
      run_plainly(first, last);
  }

 private:
  /// So few items that it does not look at the clock for them.
  static constexpr std::size_t few = 16;
  /// So many that one of them may be run before any are given away: to see what they cost.
  static constexpr std::size_t many = 512;

  void run_plainly(std::size_t first, std::size_t last) {
    if (last - first > few) return run_chunks(first, last);
    for (f_(first++); first != last; f_(first++))
      if (is_wanted(first, last)) return split(first, last);
  }

  bool is_wanted(std::size_t first, std::size_t last) const noexcept {
    return last - first > 1 && thread_.is_asked_for_work() && pace_.is_worth_giving(last - first);
  }

  void run_chunks(std::size_t first, std::size_t last) {
    pace_.begin(clock::now());
    for (;;) {
      std::size_t const begun = first;
      first = run_chunk(first, last);
      if (first == last) return;
      pace_.chunk_ran(first - begun, clock::now());
      if (is_wanted(first, last)) return split(first, last);
    }
  }

  /// Ends early if somebody would like a part of it: then all depends on what items cost.
  std::size_t run_chunk(std::size_t first, std::size_t last) {
    if (pace_.is_fresh()) return items(f_, first, first + 1);
    std::size_t const end = first + std::min(pace_.grain(), last - first);
    std::size_t const part = thread_.is_asked_for_work() ? 2 : 8;  // the next may take much longer
    do first = items(f_, first, std::min(end, first + (last - first) / part + 1));
    while (first != end && !thread_.is_asked_for_work());
    return first;
  }

  /// Apart, so that the compiler sees a loop with nothing around it.
  [[gnu::noinline]] static std::size_t items(F& f, std::size_t i, std::size_t last) {
    for (; i != last; ++i) f(i);
    return last;
  }

  void split(std::size_t first, std::size_t last) {
    std::size_t const middle = first + (last - first) / 2;
    pace const now = pace_;
    parallel_invoke([&] { run(first, middle); },
                    [&] {
                      execution& here = *current_execution();
                      if (&here == &thread_) return run_plainly(middle, last);
                      each_loop(here, f_, now).run(middle, last);
                    });
  }

  execution& thread_;
  F& f_;
  pace pace_;
};

}  // namespace detail

/// Calls `f(0)` to `f(n - 1)`, a plain function, as `parallel_invoke` would, however many that are.
/// `parallel_each(rows, [&](std::size_t y) { blur(image, y); });`
/// Items that cost a few nanoseconds are as welcome as those that take seconds; no grain is given.
/// What `parallel_invoke` says of threads, blocking, stop and errors holds here too.
/// Cost: beside the items, one look at the clock every few microseconds.
template <class F>
requires std::invocable < std::remove_reference_t<F>
&, std::size_t > void parallel_each(std::size_t n, F&& f) {
  using function = std::remove_reference_t<F>;
  static_assert(!is_task<std::invoke_result_t<function&, std::size_t>>,
                "quartet: parallel_each takes plain functions; coroutines run in fork_each");
  if (n == 0) return;
  if (execution* const e = current_execution(); e != nullptr && e->has_place()) [[likely]]
    return detail::each_loop<function>(*e, f, detail::pace(8)).run(0, n);
  for (std::size_t i = 0; i != n; ++i) f(i);
}

}  // namespace quartet
