// SPDX-License-Identifier: Apache-2.0
// What a simulated run was like.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <quartet/base/place.hpp>
#include <quartet/seam/clock.hpp>
#include <quartet/seam/operation.hpp>

namespace quartet::detail::sim {

/// How a simulated run ended.
enum class verdict : unsigned char {
  ended,      ///< every thread has
  check,      ///< something that must hold did not
  invariant,  ///< nor did something that must hold all the time
  exception,  ///< one left a thread's function
  race,       ///< plain data was used by two threads, and nothing ordered the uses
  deadlock,   ///< threads wait for each other, or for nobody
  leak,       ///< the first thread has ended, and others wait for ever
  remains,    ///< every thread has ended, and watched data is still there
  stall,      ///< nothing went on until a deadline passed that should not have been needed
  endless,    ///< more steps than allowed
  escape,     ///< a call that only the real machine can answer
};

/// The verdict in a word or two.
char const* name(verdict v) noexcept;

/// A lock that a thread held, and where it took it.
struct held {
  unsigned object;
  place where;
  std::size_t step;  ///< how many steps were recorded by then
};

/// A thread that had not ended, or a task that was on none, and what it waited for. Tasks are
/// numbered after the threads.
struct unfinished {
  unsigned thread;
  std::string name;
  seam::operation last;     ///< the operation at which it stood
  std::size_t step;         ///< how many steps were recorded when it came there
  unsigned object;          ///< what it waits for, or names in that operation
  bool waits;               ///< false: it could have gone on
  bool for_lock;            ///< what it waits for is a lock
  int holder;               ///< the thread that holds it; -1: none
  std::vector<held> holds;  ///< its locks
  int on = -1;              ///< of a task: the thread that it was on; -1: it is a thread
};

/// One of two uses that make a race.
struct racing_use {
  unsigned thread = 0;
  std::string name;
  bool writes = false;
  void const* code = nullptr;
  std::vector<held> holds;
};

/// A call that the simulator does not control, made by a simulated thread.
struct stray_call {
  char const* function = "";              ///< its name
  char const* instead = "";               ///< what to do
  int holder = -1;                        ///< the thread that it would wait for; -1: not known
  std::array<void const*, 24> callers{};  ///< return addresses, from the inside; then null
};

/// An operation that happened, for a story.
struct step {
  static constexpr std::size_t depth = 24;
  unsigned thread;
  unsigned object;
  seam::operation what;
  std::array<void const*, depth>
      calls;  ///< return addresses, from the inside; null behind the last
};

/// Something that should happen in at least one run.
struct goal {
  char const* what;
  place where;
  bool reached;
};

/// What a run was like. Two runs with one seed are alike in all of it.
struct outline {
  verdict how = verdict::ended;
  std::string what;              ///< of a check, an invariant or an exception: its text
  place where;                   ///< and its place
  seam::operation after{};       ///< of an invariant: the step behind which it was broken
  unsigned thread = 0;           ///< who ran when it failed
  racing_use first, second;      ///< of a race, in the order in which they happened
  stray_call stray;              ///< of an escape
  std::uint64_t points = 0;      ///< operations announced
  std::uint64_t switches = 0;    ///< how often another thread went on
  std::uint64_t trace_hash = 0;  ///< of who did what, in order
  /// The same for all runs in which each operation saw the same ones before it on its object:
  /// runs that differ only in the order of what is independent are alike in it.
  std::uint64_t class_hash = 0;
  duration time{};                ///< virtual time passed
  std::uint64_t checkpoints = 0;  ///< reached
  bool stop_requested = false;    ///< at one of them, as `stop_at` says
  std::int64_t data = 0;          ///< watched, and not destroyed
  std::vector<unfinished> left;

  /// Another run begins. One that ended well has left nothing but counts.
  void reset() {
    if (how != verdict::ended) *this = {};
    points = switches = trace_hash = class_hash = checkpoints = 0;
    time = {};
    stop_requested = false;
    data = 0;
    left.clear();
  }
};

}  // namespace quartet::detail::sim
