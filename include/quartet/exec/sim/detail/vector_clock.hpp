// SPDX-License-Identifier: Apache-2.0
// What has happened before: how far each thread was when its effects were passed on.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace quartet::detail::sim {

/// For each thread how many of its releases are known. Threads that are not in it: 0.
/// Threads: belongs to its world. Stop: not concerned. Errors: bad_alloc.
/// Lifetime: a value; `clear` keeps the memory.
/// Source: C. Fidge (1988), F. Mattern (1989).
class vector_clock {
 public:
  static constexpr unsigned near_threads = 16;

  std::uint32_t operator[](unsigned thread) const noexcept {
    if (thread < near_threads) [[likely]]
      return near(thread);
    return far(thread - near_threads);
  }
  /// Whether what `thread` did at its time `when` has happened before.
  bool covers(unsigned thread, std::uint32_t when) const noexcept {
    return (*this)[thread] >= when;
  }
  void join(vector_clock const& other) {
    join_near(other);
    if (!other.far_.empty()) [[unlikely]]
      join_far(other.far_);
  }
  /// Becomes what `other` is.
  void take(vector_clock const& other) {
    take_near(other);
    if (!far_.empty() || !other.far_.empty()) [[unlikely]]
      take_far(other.far_);
  }
  void advance(unsigned thread) {
    if (thread < near_threads) [[likely]] {
      if (groups_ * in_group <= thread) [[unlikely]]
        groups_ = thread / in_group + 1;
      ++near_[thread / in_group][thread % in_group];
      return;
    }
    advance_far(thread - near_threads);
  }
  // The same for threads that are near, or while no other is known.
  std::uint32_t near(unsigned thread) const noexcept {
    return static_cast<std::uint32_t>(near_[thread / in_group][thread % in_group]);
  }
  bool covers_near(unsigned thread, std::uint32_t when) const noexcept {
    return near(thread) >= when;
  }
  void join_near(vector_clock const& other) noexcept {
    near_[0] = later(near_[0], other.near_[0]);
    near_[1] = later(near_[1], other.near_[1]);
    if (other.groups_ > always) [[unlikely]] {
      for (unsigned i = always; i != other.groups_; ++i) near_[i] = later(near_[i], other.near_[i]);
      groups_ = std::max(groups_, other.groups_);
    }
  }
  void take_near(vector_clock const& other) noexcept {
    near_[0] = other.near_[0];
    near_[1] = other.near_[1];
    if (std::max(groups_, other.groups_) > always) [[unlikely]] {
      for (unsigned i = always; i != near_.size(); ++i) near_[i] = other.near_[i];
      groups_ = other.groups_;
    }
  }
  /// Of a thread that has advanced before.
  void advance_near(unsigned thread) noexcept { ++near_[thread / in_group][thread % in_group]; }
  void clear() noexcept {
    for (unsigned i = 0; i != groups_; ++i) near_[i] = group{};
    groups_ = always;
    far_.clear();
  }

 private:
  static constexpr unsigned in_group = 4;
  // A vector register. Signed, since that is what SSE2 compares: a run has no 2^31 releases.
  using group [[gnu::vector_size(16)]] = std::int32_t;
  // Most runs have no more threads than these: no loop, whose end a processor would have to guess.
  static constexpr unsigned always = 2;

  static group later(group a, group b) noexcept { return a > b ? a : b; }

  // Out of line, so that the common way needs no registers for them.
  [[gnu::noinline]] std::uint32_t far(std::size_t i) const noexcept {
    return i < far_.size() ? far_[i] : 0;
  }
  [[gnu::noinline]] void join_far(std::vector<std::uint32_t> const& other) {
    if (far_.size() < other.size()) far_.resize(other.size());
    for (std::size_t i = 0; i != other.size(); ++i) far_[i] = std::max(far_[i], other[i]);
  }
  [[gnu::noinline]] void take_far(std::vector<std::uint32_t> const& other) { far_ = other; }
  [[gnu::noinline]] void advance_far(std::size_t i) {
    if (far_.size() <= i) far_.resize(i + 1);
    ++far_[i];
  }

  std::array<group, near_threads / in_group> near_{};
  unsigned groups_ = always;        // behind so many all are 0
  std::vector<std::uint32_t> far_;  // further threads
};

}  // namespace quartet::detail::sim
