// SPDX-License-Identifier: Apache-2.0
// What must hold all the time, not only where a line says so.
#pragma once

#include <concepts>
#include <utility>

#include <quartet/seam/machine.hpp>

namespace quartet {

namespace seam {
/// The part of an invariant that a machine sees.
/// Threads: of whoever watches. Stop: not concerned. Errors: `holds` throws nothing.
/// Lifetime: from `watch` to `unwatch`.
struct watched_check {
  bool (*holds)(watched_check const&);
  char const* what;
  place where;
};
}  // namespace seam

/// `predicate` must be true as long as this object lives. In a simulated run it is asked after
/// every step: each time that a thread comes to its next operation on an atomic, a lock, a thread,
/// … (with explore_options::uses_decide also to its next use of `shared` data), and when a thread
/// ends. The first false answer is the failure of the run, "a broken invariant", and the report
/// names the step. Elsewhere it is asked when the object is made and when it is destroyed, like
/// `check`.
///   invariant const kept([&] { return here + there == 100; }, "no money is lost");
/// Steps in the middle of a critical section count: what holds only outside says so itself.
/// Example: exec/sim/invariant.test.cpp, it_names_the_step_that_broke_it.
/// Threads: made and destroyed by any thread; in a simulated run it may look at atomics and at
/// `shared` data of all threads: its looks are no operations, no races, and order nothing.
/// Stop: not concerned. Cost: in a simulated run one call for each operation of each thread.
/// Errors: `predicate` must not throw, and must not wait for a thread.
/// Lifetime: what `predicate` looks at outlives it: declare it behind that. It watches the run in
/// which it was made, to its end or the run's; those of a run that did not end are forgotten.
template <class P>
requires std::predicate<P const&>
class invariant final : seam::watched_check {
 public:
  explicit invariant(P predicate, char const* text = "an invariant", place at = place::here())
      : watched_check{&ask, text, at}, predicate_(std::move(predicate)) {
    seam::this_machine().watch(*this);
  }
  invariant(invariant const&) = delete;
  invariant& operator=(invariant const&) = delete;
  ~invariant() { seam::this_machine().unwatch(*this); }

 private:
  static bool ask(watched_check const& c) { return static_cast<invariant const&>(c).predicate_(); }

  P const predicate_;
};

}  // namespace quartet
