// SPDX-License-Identifier: Apache-2.0
// Which thread holds which slot: staffing, blocking, coming back, going home.
//
// A pool of N workers has N slots. A thread is a *holder* (has a slot: takes calls), a *guest*
// (its call blocked, gave the slot away, and goes on without one), *blocked*, or a *spare* (waits
// for a slot, goes home after a while). A slot is held, offered to a spare, or vacant.
//
//   spare ──offer──▶ holder ──will_block──▶ blocked ──did_block──▶ holder if there is room,
//     ▲                │  ▲                                       else guest
//     │   crowded, between calls │                                  │ its call has ended
//     └────────────────┘  └── room ── (guest) ── no room ──▶ spare ─┘
//
// A thread of any kind that runs may be *stuck*: its call does not come back, and a watchdog has
// lent its room to another. It is not told; when it comes back it says so itself, gives the room
// back, and so the pool may be crowded for a while. There are slots for that, too.
//
// A guest that has work for others becomes a holder as soon as a slot is vacant, room or not: it
// runs anyway.
//
// Counted under the guard: `held_` + `guests_` threads run. Room is target - held - guests +
// stuck. There are never more holders than slots; guests, and who comes back, may make the sum too
// large for a while: then the pool is *crowded*, and holders step back between calls. Vacant slots
// for which there is room count as idle in the sleep word, so a publisher finds them like a
// sleeper; every change of the room above zero changes the count of the idle with it. A thread
// blocks while its work waits: it hands the right to run over (R5 of the sleep word), so a wait may
// depend on any call that waits.
#pragma once

#include <exception>
#include <memory>
#include <vector>

#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>

#include "pulse.hpp"
#include "slot.hpp"

namespace quartet::detail::pool {

class core;
class worker;

/// Threads: all members concurrently, but for `join`. Stop: `join` ends it.
/// Errors: as said. Lifetime: part of the core.
class crew {
 public:
  /// `size`: how many threads may run to begin with.
  crew(core& c, unsigned size);
  crew(crew const&) = delete;
  crew& operator=(crew const&) = delete;
  ~crew();

  /// Brings a thread to a vacant slot, if there is room. Gives the error if the pool has no
  /// thread at all and could not start one.
  std::exception_ptr staff() noexcept;
  /// How many may run from now on. Those that are too many step back as soon as they get up or are
  /// between two calls.
  void resize(unsigned n) noexcept;
  /// Brings a thread to every vacant slot. Errors: std::system_error if not even one can start.
  void staff_all();

  /// For spares. Blocks: until a slot is offered; null: go home.
  slot* wait_for_slot(worker& w) noexcept;
  /// A holder (`s`) or guest (null) is about to block. It is idle by its pulse.
  void give_away(slot* s, pulse& p) noexcept;
  /// It goes on. Null: as a guest.
  slot* come_back() noexcept;
  /// A guest would like a slot before its call has ended. Null: none is vacant yet.
  slot* stop_being_guest() noexcept;
  /// A guest's call has ended. Null: wait for a slot.
  slot* end_guest() noexcept;
  template <class W = place> bool crowded() const noexcept {
    return crowded_.load(seam::relaxed, W::here());
  }
  /// A holder between calls gives its slot up. False: not crowded any more, go on.
  bool step_back(slot* s) noexcept;

  /// `none`: it is not stuck, or was known to be; `refused`: there is no thread, or too many are
  /// stuck.
  enum class loan : unsigned char { none, refused, given };
  /// The thread of `p` does not come back from the call with which its `turns` came to stand:
  /// another one gets its room. For the watchdog alone.
  loan lend_room_of(pulse& p, std::uint64_t turns) noexcept;
  /// It is back (p.stuck says that it was thought stuck).
  void is_back(pulse& p) noexcept;
  /// Of all threads that there are now, into `all`. Errors: bad_alloc.
  void pulses(std::vector<std::shared_ptr<pulse>>& all);

  /// The slots that somebody holds or has held: where work may be.
  unsigned known() const noexcept { return known_.load(seam::acquire); }  // (2)
  slot& at(unsigned i) const noexcept { return *slots_[i].read(); }

  /// Sends everybody home. No call must be left.
  void join() noexcept;

 private:
  struct member;
  int room() const noexcept { return static_cast<int>(target_ - held_ - guests_ + stuck_); }
  bool forgive(pulse& p) noexcept;
  void stop_lending() noexcept;
  slot* take_vacant();
  slot* try_take_vacant() noexcept;
  void start_thread();
  void settle() noexcept;

  core& core_;
  unsigned const most_stuck_;
  std::unique_ptr<watched<std::unique_ptr<slot>>[]> const slots_;
  seam::atomic<unsigned> known_{0};  // how many of slots_ are made; (1) release, guard_ held
  seam::atomic<bool> crowded_{false};
  seam::atomic<bool> vacancy_{false};  // there are guests, and a slot for one of them

  seam::mutex guard_;  // guards the fields below
  seam::condition offer_;
  watched<unsigned> target_;    // how many may run: the slots, fewer if threads cannot be started
  watched<unsigned> held_ = 0;  // slots held or offered
  watched<unsigned> guests_ = 0;
  watched<unsigned> stuck_ = 0;      // holders and guests whose room is lent
  watched<unsigned> waiting_ = 0;    // spares in wait_for_slot
  watched<unsigned> coming_ = 0;     // threads started that have not been there yet
  watched<bool> no_thread_ = false;  // for the room that was lent last
  watched<bool> begun_ = false;      // staffed once
  watched<bool> closing_ = false;
  watched<std::vector<slot*>> vacant_;  // made, but not held or offered
  watched<std::vector<slot*>> offered_;
  watched<std::vector<std::unique_ptr<member>>> members_;
  watched<std::vector<std::unique_ptr<member>>> gone_;  // went home, not joined
};

}  // namespace quartet::detail::pool
