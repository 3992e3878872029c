// SPDX-License-Identifier: Apache-2.0
// The part of a submitted call that does not depend on what is called.
#pragma once

#include <memory>

#include <quartet/core/detail/call_extras.hpp>
#include <quartet/core/detail/root.hpp>
#include <quartet/core/detail/run_claim.hpp>
#include <quartet/core/detail/wait_cycle.hpp>
#include <quartet/core/waiter.hpp>
#include <quartet/seam/home_process.hpp>

namespace quartet::detail {

/// A call with its own stop scope, the number of items still to settle, and one who waits for the
/// end. Two references to begin with: the handle's (future, batch) and the run's.
///
/// `waiter_` goes null -> waiter -> null … until `finish` exchanges `ended` in: whoever gets the
/// waiter out by an exchange resumes it, and nobody else; so a withdrawn waiter is never resumed.
/// It is `raising` while the owner of the handle, who raises the level, counts himself in at the
/// executor: `finish` waits for that moment, since the executor may be gone afterwards.
/// Threads: `settled` from any thread; `await`, `withdraw` by the handle's owner.
/// Stop: it is a stop_state, linked to the scope of the task that made it.
/// Errors: none. Lifetime: counted.
class call_record : public stop_state, public call {
 public:
  /// `more`: units to settle besides the items.
  call_record(executor_base& e, std::size_t items, std::size_t more = 0);

  /// Stops with the running task from here on, and has `own`, which may be null. Once.
  void link_to_caller(std::unique_ptr<call_extras> own) noexcept;

  /// Gives the call to its executor. The record has its second reference from here on.
  void begin() noexcept;

  /// Gives it to the executor, at once or when a gate that kept it opens.
  template <class W = place> void give() noexcept {
    claim_.given<W>();
    owner_->start(*this);
  }
  /// Whether it has been given to its executor at a level below `to`, and does not seem to have
  /// begun.
  bool waits_below(priority to) const noexcept { return claim_.waits() && level < to; }
  /// For an executor that has raised it and does not find it though it waits: it may lie in a
  /// deque. True: it may stand in one more place from now on, where it is run, or is to
  /// `leave_place`. Only for a call of one item.
  bool seek() noexcept;
  /// One of several places where it stood is given up.
  void leave_place() noexcept;

  /// A task of level `to` is about to wait for this: the call, and what it has started, get at
  /// least that level. Only for the handle's owner, who does not await meanwhile.
  void raise_to(priority to) noexcept {
    if (to > level && to > raised()) [[unlikely]]
      raise_while_owned(to);
  }

  /// Whether it can never end: this process was forked from the one whose threads run it.
  bool is_lost() const noexcept { return !driven_ && process_.is_elsewhere(); }
  bool finished() const noexcept { return waiter_.load(seam::acquire) == ended(); }
  /// Has `w` resumed at the end. False: it has ended already, `w` will not be resumed.
  bool await(waiter& w) noexcept { return await_as<place>(w); }
  template <class W> bool await_as(waiter& w) noexcept {
    waiter* none = nullptr;
    return waiter_.compare_exchange(none, &w, seam::acq_rel, seam::acquire, W::here());
  }
  /// Takes `w` back. False: it is being resumed.
  bool withdraw(waiter& w) noexcept;
  /// Blocks until the end. Errors: would_deadlock; closed in the child of a fork.
  void block();
  /// For destructors: asks for a stop and outwaits the end, wherever it is called.
  void end_now() noexcept;

  executor_base& owner() const noexcept { return *owner_; }
  /// The owner if a blocked thread must drive it, else null; the owner may be gone.
  executor_base* driver() const noexcept { return driven_ ? owner_ : nullptr; }
  call_record* as_call() noexcept final { return this; }
  wait_entry waited;  ///< for, by a task
  root_place at() noexcept { return {*owner_, this, name, where, level, account}; }

 protected:
  ~call_record() override = default;
  /// For `run` and `fail`, of a call of one item. False: it stood in several places, and was taken
  /// elsewhere; the record may be gone.
  bool begins() noexcept {
    if (claim_.begin()) [[likely]]
      return true;
    leave_place();
    return false;
  }
  /// `n` more items have their outcome; with the last one the call ends, and the record may go.
  void settled(std::size_t n) noexcept;
  template <class W> void settled_as(std::size_t n) noexcept;
  /// Callable and items go, before anybody learns of the end.
  virtual void drop_parts() noexcept {}
  /// Gives a reference back outside any task: what ends with the record may look at its task,
  /// whose scope the record is.
  void release_outside_tasks() noexcept;

 private:
  void will_be_raised() noexcept override { owner_->count_in(); }  // it stays until on_raised
  void on_raised(priority to) noexcept override;
  void raise_while_owned(priority to) noexcept;
  template <class W> void release_outside_tasks_as() noexcept;
  static waiter* raising() noexcept { return reinterpret_cast<waiter*>(2); }
  static waiter* ended() noexcept { return reinterpret_cast<waiter*>(1); }
  template <class W> void begin_as() noexcept;
  template <class W> void finish() noexcept;

  executor_base* const owner_;
  seam::home_process process_;
  run_claim claim_;
  std::unique_ptr<call_extras> extras_;           // null: as most
  seam::atomic<std::size_t> left_;                // units not settled
  seam::atomic<waiter*> waiter_{nullptr};         // see above
  bool const driven_;                             // asked for while the owner is certainly there
  seam::atomic<bool> raised_while_ended_{false};  // (3) release: the executor may go
};

}  // namespace quartet::detail
