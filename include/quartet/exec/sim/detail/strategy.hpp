// SPDX-License-Identifier: Apache-2.0
// Whose turn it is: the ways in which a seed becomes a schedule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <quartet/base/random.hpp>
#include <quartet/seam/operation.hpp>

namespace quartet::detail::sim {

struct strand;

/// A thread that can go on, and the operation that it stands before.
struct candidate {
  unsigned thread;
  unsigned object;  ///< of the operation, numbered by the run
  seam::operation const* next;
  strand* who = nullptr;  ///< for the world
};

/// A decision to be taken.
struct turn {
  std::span<candidate const> all;
  /// The index of who ran until now; `all.size()` if that one waits, has ended or yields.
  std::size_t running;
  unsigned last;        ///< the thread that ran until now
  std::uint64_t point;  ///< how many decisions that thread has come to, with this one
  bool yields = false;  ///< that thread could go on, and is passed over
};

/// Decides at each scheduling point of a run. Equal seeds decide alike.
/// Threads: belongs to its world. Stop: not concerned. Errors: none but bad_alloc.
/// Lifetime: serves one run after the other.
class strategy {
 public:
  strategy() = default;
  strategy(strategy const&) = delete;
  strategy& operator=(strategy const&) = delete;
  virtual ~strategy() = default;

  /// A run begins.
  virtual void begin(std::uint64_t seed) = 0;
  /// The index of who goes on.
  virtual std::size_t choose(turn const& t) = 0;
  /// Where its numbers come from, if `choose` is in this run nothing but one that is below
  /// `all.size()`; else null. Then the world draws by itself.
  virtual random_stream* draws_evenly() noexcept { return nullptr; }
  /// One of `n` outcomes of something that is no turn: who of several is woken. `thread` is the one
  /// that runs.
  virtual std::size_t pick(unsigned thread, std::size_t n) = 0;
  /// Whether a fault happens that has so many chances in a thousand.
  virtual bool strikes(unsigned thread, unsigned chances) {
    return pick(thread, 1'000) + chances >= 1'000;  // not for outcome 0
  }
  /// Whether that thread does what it was started for; else it ends at once.
  virtual bool takes_part(unsigned /*thread*/) { return true; }
  /// Whether `happens` is to be called.
  virtual bool listens() const noexcept { return false; }
  /// An operation happens: every one, also those before which nothing is decided.
  virtual void happens(unsigned /*thread*/, unsigned /*object*/, seam::operation const&) {}
};

/// The known ways.
enum class way : unsigned char {
  uniform,  ///< each candidate with the same chance
  sticky,   ///< the running one goes on with a chance that the seed chooses, else uniform
  pct,      ///< by random priorities, which fall at a few random points
  pos,      ///< by random priorities, drawn anew for operations that conflict
  surw,     ///< every order of the operations on one object with about the same chance
  few,      ///< uniform among the few that were started last; the others wait for their end
};

struct profile;

/// What a machine may always do, and seldom does. One bit each.
enum surprise : unsigned {
  no_surprise = 0,
  spurious_wakes = 1,  ///< a wait ends for no reason
  weak_failures = 2,   ///< a weak compare-exchange fails for no reason
};

/// How a run is to be explored.
struct plan {
  way how = way::uniform;
  unsigned stay_percent = 0;  ///< sticky: the chance to go on
  unsigned depth = 2;         ///< pct: one more than the points at which a priority falls
  /// pct: how many scheduling points a run has, roughly; measured by a run of another kind.
  std::uint64_t points = 100;
  /// Starting a thread is no scheduling point, so that all that are started compete from their
  /// first step on. Most of what makes races hard to find is that threads start one by one.
  bool gang_start = false;
  unsigned most = 2;                 ///< few: so many threads
  unsigned surprises = no_surprise;  ///< the kinds that this run has
  profile const* of_run = nullptr;   ///< surw: of another run of the same body

  /// The plan that a seed stands for, of the default mixture. The choices of the run itself must
  /// come from another stream than the plan: with one for both they would be correlated.
  static plan of(std::uint64_t seed, std::uint64_t points) noexcept;
  static plan of(std::uint64_t seed, profile const& p) noexcept;
};

/// One strategy of each kind, ready for a run.
/// Threads: belongs to its world. Stop: not concerned. Errors: bad_alloc.
/// Lifetime: what `of` gives serves until the next `of`.
class strategies {
 public:
  strategies();
  strategies(strategies const&) = delete;
  strategies& operator=(strategies const&) = delete;
  ~strategies();
  /// The one that `p` names, set up for it; the run has still to begin.
  strategy& of(plan const& p);

 private:
  struct all;
  std::unique_ptr<all> all_;
};

}  // namespace quartet::detail::sim
