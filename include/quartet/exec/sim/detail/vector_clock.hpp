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
  std::uint32_t operator[](unsigned thread) const noexcept {
    if (thread < near_.size()) [[likely]]
      return near_[thread];
    return far(thread - near_.size());
  }
  /// Whether what `thread` did at its time `when` has happened before.
  bool covers(unsigned thread, std::uint32_t when) const noexcept {
    return (*this)[thread] >= when;
  }
  void join(vector_clock const& other) {
    for (std::size_t i = 0; i != near_.size(); ++i) near_[i] = std::max(near_[i], other.near_[i]);
    if (!other.far_.empty()) [[unlikely]]
      join_far(other.far_);
  }
  /// Becomes what `other` is.
  void take(vector_clock const& other) {
    near_ = other.near_;
    if (!far_.empty() || !other.far_.empty()) [[unlikely]]
      take_far(other.far_);
  }
  void advance(unsigned thread) {
    if (thread < near_.size()) [[likely]] {
      ++near_[thread];
      return;
    }
    advance_far(thread - near_.size());
  }
  void clear() noexcept {
    near_ = {};
    far_.clear();
  }

 private:
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

  std::array<std::uint32_t, 8> near_{};  // two vector registers: most runs have no more threads
  std::vector<std::uint32_t> far_;       // further threads
};

}  // namespace quartet::detail::sim
