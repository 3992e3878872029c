// SPDX-License-Identifier: Apache-2.0
// What all forks have in common: who runs the next branch, and how many have to come in at the
// join.
//
// Continuation stealing. The branches of a fork are run one after the other by a *line*, first by
// the task that forked. Before each branch but the last, the line leaves the frame in its worker's
// deque: it stands for the rest, the branches from `next_` on. Nobody took it while the branch ran?
// Then it is taken back and the line runs the next one: no atomic read-modify-write, no allocation
// but the branches' own frames. Somebody did? Then he runs the rest as a line of his own, with a
// task of his own, and the old line has only to report that it has come in. The line that runs the
// last branch is the *main* one. Whoever comes in last has the forking task go on.
//
// The join, after libfork (Williams and Elliott, arXiv:2402.18480). `stolen_` counts how often the
// rest was taken; plain, for only the holder of the rest touches it. `join_` starts at `far`. A
// line that is not the main one subtracts 1 when it comes in (1). The main line then subtracts
// far - stolen_ (2), which turns "far minus those who came in" into "those who are still out". So
// only one of them makes it 0, and that one acquires what the others released.
//
// Why `take_back` proves that nobody else runs a branch of the rest: the frame is in at most one
// deque at a time, once; whoever gets it out of there, by pop or by steal, holds the rest alone. If
// the newest item is another one, this line has stopped being main and comes in: the rest lies
// deeper, or is gone, and will be taken out by somebody. A line that blocked may even take back a
// rest which others had a part of and put there again (they had its slot meanwhile): `next_` tells.
// Then it comes in, as whoever had the rest before does, and runs the rest as a line that took it.
#pragma once

#include <quartet/core/execution.hpp>
#include <quartet/seam/shared.hpp>

namespace quartet::detail {

/// Threads: as above. Stop, errors: of the class above it.
/// Lifetime: gone as soon as whoever forked goes on.
class fork_lines : public work_item {
 public:
  fork_lines(fork_lines const&) = delete;
  fork_lines& operator=(fork_lines const&) = delete;

 protected:
  fork_lines(run_function rest, unsigned branches) noexcept
      : work_item{rest}, branches_(branches) {}
  ~fork_lines() = default;

  /// Leaves the rest, from branch `next` on, for others. False: it stays with this line alone.
  bool offer(execution& e, unsigned next) noexcept {
    next_ = next;
    return e.offer(*this);
  }
  /// A line comes in that is not the main one. True: it is the last one out.
  bool is_last_in() noexcept { return join_.fetch_sub(1, seam::acq_rel) == 1; }  // (1)
  /// The same for the main line.
  bool main_is_last_in() noexcept {
    if (stolen_ == 0) return true;
    std::uint32_t const out = far - stolen_;
    return join_.load(seam::acquire) == out || join_.fetch_sub(out, seam::acq_rel) == out;  // (2)
  }

  unsigned const branches_;
  watched<unsigned> next_ = 0;         // the first of the rest; belongs to its holder
  watched<std::uint32_t> stolen_ = 0;  // how often the rest was taken; belongs to its holder

 private:
  static constexpr std::uint32_t far = 1u << 31;
  seam::atomic<std::uint32_t> join_{far};
};

}  // namespace quartet::detail
