// SPDX-License-Identifier: Apache-2.0
// A cell of the conformance matrix: one case, on one executor, with functions or with coroutines.
#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>

#include <quartet/algo/as_completed.hpp>
#include <quartet/algo/map.hpp>
#include <quartet/algo/reduce.hpp>
#include <quartet/models/any_executor.hpp>
#include <quartet/wire/function.hpp>

namespace conformance {

/// What the cases must know of an executor. executors.cpp has the list, a line each.
struct executor_under_test {
  char const* name;
  bool here;     ///< calls run in this process
  bool at_once;  ///< submit returns when the call has ended
  bool alone;    ///< calls go on while nobody waits for them
  bool nests;    ///< a function may block for a call of its own executor
  std::unique_ptr<quartet::executor_base> (*make)(unsigned workers);
  int (*by_own_type)(bool coroutine);  ///< 42, by a submit and a map on the type itself
};

class cell {
 public:
  cell(executor_under_test const& e, bool c) noexcept : on(e), coroutine(c) {}

  executor_under_test const& on;
  bool const coroutine;

  quartet::any_executor make(unsigned workers = 2) const {
    return quartet::any_executor(on.make(workers));
  }
  /// Only for executors whose calls run here.
  quartet::any_local_executor make_local(unsigned workers = 2) const {
    return quartet::any_local_executor(on.make(workers));
  }

  /// The call of this cell: the function F or the coroutine function C.
  template <auto F, auto C, class E, class... A> auto submit(E& e, A&&... a) const {
    return submit_with<F, C>(e, quartet::submit_options{.where = {}}, std::forward<A>(a)...);
  }
  template <auto F, auto C, class E, class... A>
  auto submit_with(E& e, quartet::submit_options o, A&&... a) const {
    return coroutine ? e.submit(o, quartet::fn<C>, std::forward<A>(a)...)
                     : e.submit(o, quartet::fn<F>, std::forward<A>(a)...);
  }
  template <auto F, auto C, class E, class Range>
  auto map(E& e, Range&& items, quartet::bulk_options o = {.where = {}}) const {
    return coroutine ? quartet::map(e, std::forward<Range>(items), quartet::fn<C>, o)
                     : quartet::map(e, std::forward<Range>(items), quartet::fn<F>, o);
  }
  template <auto F, auto C, class E, class Range>
  auto for_each(E& e, Range&& items, quartet::bulk_options o = {.where = {}}) const {
    return coroutine ? quartet::for_each(e, std::forward<Range>(items), quartet::fn<C>, o)
                     : quartet::for_each(e, std::forward<Range>(items), quartet::fn<F>, o);
  }
  template <auto F, auto C, class E, class Range>
  auto as_completed(E& e, Range&& items, quartet::bulk_options o = {.where = {}}) const {
    return coroutine ? quartet::as_completed(e, std::forward<Range>(items), quartet::fn<C>, o)
                     : quartet::as_completed(e, std::forward<Range>(items), quartet::fn<F>, o);
  }
  template <auto F, auto C, class E, class Range, class T, class Op>
  auto reduce(E& e, Range&& items, T init, Op op, quartet::bulk_options o = {.where = {}}) const {
    return coroutine ? quartet::reduce(e, items, init, op, quartet::fn<C>, o).blocking_get()
                     : quartet::reduce(e, items, init, op, quartet::fn<F>, o).blocking_get();
  }

  /// This cell checks something else than the others of its case. The sentence that says what
  /// stands in docs/explain/conformance.md; a test of the suite compares them.
  void differs(char const* sentence) noexcept { difference_ = sentence; }
  char const* difference() const noexcept { return difference_; }

 private:
  char const* difference_ = nullptr;
};

using body = void (*)(cell&);

/// Makes the cells of a case; called while static objects are constructed.
bool add_case(char const* name, body run, char const* file, int line);

}  // namespace conformance

#define QUARTET_CONFORMANCE(name)                              \
  static void name(conformance::cell& c);                      \
  [[maybe_unused]] static bool const name##_added =            \
      conformance::add_case(#name, &name, __FILE__, __LINE__); \
  static void name([[maybe_unused]] conformance::cell& c)
