// SPDX-License-Identifier: Apache-2.0
// A thread of the pool: looks for calls, runs them, sleeps.
#pragma once

#include <quartet/core/detail/after_fork.hpp>
#include <quartet/core/execution.hpp>

#include "core.hpp"

namespace quartet::detail::pool {

/// Has work that only its own thread would do, which is about to block.
/// Threads: belongs to its thread. Stop: not concerned. Errors: none. Lifetime: on its stack.
class lender {
 public:
  virtual void will_block() noexcept = 0;
  virtual void did_block() noexcept = 0;

 protected:
  ~lender() = default;
};

/// Threads: belongs to its thread. Stop: not concerned. Errors: none.
/// Lifetime: in the crew's record of the thread.
class worker final : public execution {
 public:
  /// Errors: bad_alloc.
  explicit worker(core& c);

  /// The calling thread as a worker of `c`; null elsewhere.
  static worker* current(core const& c) noexcept;

  /// The life of the thread: from slot to slot.
  void live() noexcept;
  /// Whether this is the first wait for a slot; true once.
  bool fresh() noexcept { return std::exchange(fresh_, false); }

  /// Puts `c` into the own deque. False: no room there, or no slot.
  bool keep(work_item& c) noexcept {
    if (slot_ == nullptr) return false;
    bool const kept = slot_->ready.push(&c);
    if (!kept) slot_->spills.add();
    return kept;
  }
  /// Whether the deque is empty, so that thieves find nothing.
  bool bare() const noexcept { return slot_ == nullptr || slot_->ready.seems_empty(); }
  /// Whether somebody waits who would run if a task of this level let him.
  bool others_wait(priority level) const noexcept {
    if (core_.levels.any_above(level)) return true;
    return level <= priority::normal &&
           (normal_ones_wait() || (level == priority::background && core_.levels.any_background()));
  }
  /// Whether it lies down, and will search when it gets up: what it publishes meanwhile (timers
  /// that fire) is found then, and needs nobody else.
  bool resting() const noexcept { return resting_; }
  std::shared_ptr<pulse> const& signs() const noexcept { return signs_; }
  void look_at_timers() noexcept;
  core& home() const noexcept { return core_; }

  /// What runs from here on, and may block, has this; null: nothing. Gives what was before.
  lender* lends_from(lender* l) noexcept { return std::exchange(lender_, l); }

  void will_block() noexcept override;
  void did_block() noexcept override;
  void asked_for_stop() noexcept override;
  void call_for_help() noexcept override { core_.call_one(); }
  bool find_place() noexcept override;
  void turn_is_over() noexcept override {
    if (slot_ != nullptr) slot_->budget_yields.add();
  }
  bool goes_on_with(work_item& w) noexcept override;
  bool gives_way(priority level) noexcept override {
    return core_.levels.any_above(level) || (level == priority::background && normal_ones_wait());
  }

  void needs_others() noexcept override {
    if (is_lone()) end_lone_worker();
  }

 private:
  /// In the child of a fork: the only thread of the pool.
  bool is_lone() const noexcept { return core_.process.is_elsewhere(); }
  void serve() noexcept;
  void hold(slot* s) noexcept {
    slot_ = s;
    ready = s == nullptr ? nullptr : &s->ready;
  }
  work_item* next() noexcept;
  template <class W> work_item* next_as() noexcept;
  template <class W> bool goes_on_as(work_item& w) noexcept;
  work_item* find() noexcept;
  work_item* look_around() noexcept;
  work_item* search() noexcept;
  bool give_up_if_crowded() noexcept;
  /// Idle by the pulse, or no longer.
  void be_idle(bool yes) noexcept;
  /// A watchdog may have thought it stuck.
  template <class W = place> void be_back() noexcept {
    if (signs_->stuck.load(seam::relaxed, W::here())) [[unlikely]]
      core_.crew.is_back(*signs_);
  }
  bool rest() noexcept;
  bool must_rise() const noexcept;
  template <class W = place> work_item* take_injected() noexcept;
  work_item* steal() noexcept;
  bool normal_ones_wait() const noexcept { return core_.injected.size() != 0 || !bare(); }
  work_item* take_above() noexcept;
  work_item* fair_turn() noexcept;
  work_item* regular_turn() noexcept;
  work_item* take_background() noexcept;
  void run_paid() noexcept;
  work_item* stop_searching_with(work_item* found) noexcept;

  // A call from the background whose cost is to be known.
  struct paid_item : work_item {
    explicit paid_item(worker& w) noexcept : by(w) {
      run = [](work_item& i, std::size_t, std::size_t) noexcept {
        static_cast<paid_item&>(i).by.run_paid();
      };
    }
    worker& by;
    paid_turn turn{};
    time_point since{};
  };

  core& core_;
  std::shared_ptr<pulse> const signs_;
  slot* slot_ = nullptr;         // null: between slots, or a guest
  lender* lender_ = nullptr;     // null: no part of a bulk call runs here
  unsigned waits_ = 0;           // blocking waits on this thread, one inside the other
  unsigned asked_ = 0;           // counts questions for a stop
  unsigned above_in_a_row_ = 0;  // counts calls above normal
  unsigned fair_turns_ = 0;
  unsigned const most_patience_;
  unsigned patience_ = 0;        // rounds of a search before sleeping, less one
  unsigned since_injected_ = 0;  // calls since we took from outside; larger than a batch: unfair
  bool searching_ = false;       // counted among the searchers of the sleep word
  bool resting_ = false;
  bool fresh_ = true;
  time_point blocked_since_{};
  paid_item paid_;
};

}  // namespace quartet::detail::pool
