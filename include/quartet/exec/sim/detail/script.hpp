// SPDX-License-Identifier: Apache-2.0
// A schedule written down: where it differs from the plainest one.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <quartet/exec/sim/detail/strategy.hpp>
#include <quartet/exec/sim/detail/tape.hpp>

namespace quartet::detail::sim {

/// One decision that differs from the plain schedule, in which whoever runs goes on while it can,
/// then the thread that was started first, and of several outcomes it is the first. It is named by
/// the thread that came to it and how many it had come to, so that it keeps its meaning when
/// others are taken out.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct deviation {
  bool of_pick;         ///< an outcome; else a turn
  unsigned thread;      ///< who came to the decision
  std::uint64_t point;  ///< the how-manieth of its turns, or of its outcomes
  std::uint64_t to;     ///< the thread that goes on, or the index of the outcome
  auto operator<=>(deviation const&) const = default;
};
using script = std::vector<deviation>;

/// `t1.5-2,p0.1-3`: thread 1's fifth turn goes to thread 2; thread 0's first outcome is number 3.
std::string to_text(script const& s);
/// Nothing if it is no such text.
std::optional<script> script_of(std::string_view text);

/// Runs by a script. Deviations that do not come up, or name a thread that cannot go on, are passed
/// over.
class scripted final : public strategy {
 public:
  explicit scripted(script s = {});
  void follow(script s);
  void begin(std::uint64_t seed) override;
  std::size_t choose(turn const& t) override;
  std::size_t pick(unsigned thread, std::size_t n) override;

 private:
  deviation const* find(bool of_pick, unsigned thread, std::uint64_t point) const noexcept;
  script script_;  // sorted
  std::vector<std::uint64_t> picks_;
};

/// Leaves the decisions to another strategy and writes down where they deviate.
class recorder final : public strategy {
 public:
  recorder(strategy& by, tape<deviation>& to) noexcept : by_(by), to_(to) {}
  void begin(std::uint64_t seed) override;
  std::size_t choose(turn const& t) override;
  std::size_t pick(unsigned thread, std::size_t n) override;
  bool listens() const noexcept override { return by_.listens(); }
  void happens(unsigned thread, unsigned object, seam::operation const& o) override {
    by_.happens(thread, object, o);
  }

 private:
  strategy& by_;
  tape<deviation>& to_;
  std::vector<std::uint64_t> picks_;
};

}  // namespace quartet::detail::sim
