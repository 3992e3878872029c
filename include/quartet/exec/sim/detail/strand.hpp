// SPDX-License-Identifier: Apache-2.0
// A thread of a simulated run.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <quartet/exec/sim/detail/fiber.hpp>
#include <quartet/exec/sim/detail/pile.hpp>
#include <quartet/exec/sim/detail/vector_clock.hpp>
#include <quartet/seam/machine.hpp>

namespace quartet::detail::sim {

struct object;
class world;

/// A lock that a thread holds, and where it took it.
struct held_lock {
  unsigned object;
  bool brief;  ///< one of the seam: held for a few lines, never while waiting
  place where;
  std::size_t step;            ///< how many steps were recorded by then
  void const* task = nullptr;  ///< that took it, and carries it along
};

/// Locks that were held together: a part of a run's list of them.
struct lock_set {
  std::uint32_t at = 0;
  std::uint32_t count = 0;
};

/// A task that is on no thread.
struct parked_task {
  std::string name;
  unsigned object;       ///< that it waits for
  unsigned thread;       ///< that it was on
  std::size_t step;      ///< how many steps were recorded when it left
  seam::operation last;  ///< its thread's then
  std::uint64_t nth;     ///< of those who left
  bool awake = false;    ///< it may go on, and nobody has taken it yet
  std::vector<held_lock> holds = {};
};

/// One simulated thread. Its stack serves one run after the other.
/// Threads: belongs to its world. Stop: not concerned. Errors: as fiber.
/// Lifetime: of its world; a life of its own in each run.
struct strand {
  explicit strand(world& w, unsigned i) : of(w), number(i) {}

  world& of;
  unsigned const number;  // in the order of their start
  void (*body)(void*) = nullptr;
  void* argument = nullptr;
  strand* after = nullptr;  // the next one; null: there is none yet
  std::string name;
  seam::context context;
  std::unique_ptr<fiber> flow;
  bool ended = true;
  std::size_t slot = 0;         // in the world's list of those who can go on
  object* parked_on = nullptr;  // null: not parked
  time_point deadline = never;  // of the park
  std::uint64_t parks = 0;      // so far; tells an old deadline from the present one
  seam::wake how = seam::wake::woken;
  seam::operation last{};         // announced last: it stands before it, or in it
  unsigned last_object = 0;       // of `last`
  std::uint64_t points = 0;       // scheduling points passed
  sim::object* self = nullptr;    // as which it is started, waits for time and is joined
  sim::object* recent = nullptr;  // named last, in this run
  std::size_t step = 0;           // how many were recorded when it came to `last`
  unsigned looks = 0;             // equal operations in a row
  bool wants = false;             // it is ready, and stands before a lock
  unsigned blocked_on = 0;        // if it blocks
  bool left_out = false;          // the run does without `last`
  bool blocks = false;            // the next park is for others, with or without a deadline
  std::optional<std::uint32_t> waits_for;  // what is at its word while a futex wait goes on
  vector_clock clock;                      // what has happened before what it does next
  vector_clock acquired;                   // what a fence would add: seen by relaxed reads
  vector_clock released;                   // what relaxed writes pass on: of the last fence
  pile<held_lock> holds;
  std::vector<unsigned> let_in;  // locks that it has only because of a lock left out
  lock_set holds_at;             // where they are written down; of none: nowhere yet
};

}  // namespace quartet::detail::sim
