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

/// In what a schedule differs from the plain one.
enum class differs : unsigned char {
  turn,     ///< another thread goes on
  outcome,  ///< of several outcomes it is not the first, or a fault happens
  absence,  ///< a thread ends without having done anything
};

/// One decision that differs from the plain schedule, in which whoever runs goes on while it can,
/// then the thread that was started first, and of several outcomes it is the first. It is named by
/// the thread that came to it and how many it had come to, so that it keeps its meaning when
/// others are taken out.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct deviation {
  differs in;
  unsigned thread;          ///< who came to the decision, or is absent
  std::uint64_t point = 0;  ///< the how-manieth of its turns, or of its outcomes
  std::uint64_t to = 0;     ///< the thread that goes on, or the index of the outcome
  auto operator<=>(deviation const&) const = default;
};
using script = std::vector<deviation>;

/// `t1.5-2,p0.1-3,x4`: thread 1's fifth turn goes to thread 2; thread 0's first outcome is number
/// 3; thread 4 takes no part.
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
  bool strikes(unsigned thread, unsigned chances) override;
  bool takes_part(unsigned thread) override;

 private:
  deviation const* find(differs in, unsigned thread, std::uint64_t point) const noexcept;
  script script_;  // sorted
  std::vector<std::uint64_t> picks_;
};

/// Runs by another strategy until so many operations have happened, then by chance and without
/// faults.
class branching final : public strategy {
 public:
  branching(strategy& first, std::uint64_t operations, std::uint64_t seed) noexcept
      : first_(first), operations_(operations), later_(seed) {}
  void begin(std::uint64_t seed) override;
  std::size_t choose(turn const& t) override;
  std::size_t pick(unsigned thread, std::size_t n) override;
  bool strikes(unsigned thread, unsigned chances) override;
  bool takes_part(unsigned thread) override { return first_.takes_part(thread); }
  bool listens() const noexcept override { return true; }
  void happens(unsigned, unsigned, seam::operation const&) override { ++happened_; }

 private:
  bool branched() const noexcept { return happened_ >= operations_; }
  strategy& first_;
  std::uint64_t const operations_;
  std::uint64_t happened_ = 0;
  random_stream later_;
};

/// Leaves the decisions to another strategy and writes down where they deviate.
class recorder final : public strategy {
 public:
  recorder(strategy& by, tape<deviation>& to) noexcept : by_(by), to_(to) {}
  void begin(std::uint64_t seed) override;
  std::size_t choose(turn const& t) override;
  std::size_t pick(unsigned thread, std::size_t n) override;
  bool strikes(unsigned thread, unsigned chances) override;
  bool takes_part(unsigned thread) override { return by_.takes_part(thread); }
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
