// SPDX-License-Identifier: Apache-2.0
// What one run was like, so that others can be sampled by it.
#pragma once

#include <cstdint>
#include <vector>

#include <quartet/exec/sim/detail/strategy.hpp>

namespace quartet::detail::sim {

/// A line of the source as a number. Equal in all runs of a program, as addresses are not.
using line_key = std::uint64_t;
line_key key_of(place const& where) noexcept;

/// How often each thread does something at the lines at which one object was used.
struct subject {
  std::vector<line_key> lines;           // sorted
  std::vector<std::uint32_t> of_thread;  // by the thread's number
  bool has(line_key k) const noexcept;
};

/// The length of a run, what its threads meet at, and who started whom.
/// Threads: read by several strategies of one world. Stop: not concerned. Errors: none.
/// Lifetime: outlives the runs that are planned with it.
struct profile {
  std::uint64_t points = 100;     ///< decisions
  std::vector<subject> subjects;  ///< objects that several threads use, and one changes
  std::vector<unsigned> parents;  ///< by the thread's number; its own for the first
};

/// Leaves the decisions to another strategy and takes the profile of the run.
class profiler final : public strategy {
 public:
  explicit profiler(strategy& by) noexcept : by_(by) {}
  void begin(std::uint64_t seed) override;
  std::size_t choose(turn const& t) override;
  std::size_t pick(unsigned thread, std::size_t n) override { return by_.pick(thread, n); }
  bool strikes(unsigned thread, unsigned chances) override { return by_.strikes(thread, chances); }
  bool listens() const noexcept override { return true; }
  void happens(unsigned thread, unsigned object, seam::operation const& o) override;
  profile taken() const;

 private:
  struct event {
    unsigned thread, object;
    line_key line;
    bool writes;
  };
  static constexpr std::size_t events_max = 50'000;
  strategy& by_;
  std::uint64_t points_ = 0;
  std::vector<event> events_;
  std::vector<unsigned> parents_;
};

}  // namespace quartet::detail::sim
