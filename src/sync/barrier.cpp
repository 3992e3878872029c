// SPDX-License-Identifier: Apache-2.0
// Counting arrivals at a barrier. The protocol stands in barrier_state.hpp.
#include <quartet/sync/detail/barrier_state.hpp>

namespace quartet::detail {

bool barrier_state::count(std::size_t n) noexcept {
  QUARTET_ASSERT(n != 0, "an arrival at a barrier was for nobody: arrive(0)");
  QUARTET_ASSERT(n <= missing_, "more arrived at a barrier than its phase expects");
  missing_ -= n;
  return missing_ == 0;
}

bool barrier_state::count_out() noexcept {
  bool const last = count(1);
  --expected_;
  return last;
}

barrier_state::arrival barrier_state::arrive(std::size_t n) noexcept {
  seam::guard g(guard_);
  bool const last = count(n);
  return {arrival_token(phase_), last};
}

bool barrier_state::arrive_and_drop() noexcept {
  seam::guard g(guard_);
  return count_out();
}

bool barrier_state::drop(arrival_token mine) noexcept {
  seam::guard g(guard_);
  if (phase_ != mine.phase_) return count_out();  // it is expected in this phase already
  QUARTET_ASSERT(missing_ < expected_, "more left a barrier than had arrived at it");
  --expected_;
  return false;
}

void barrier_state::end_phase() noexcept {
  wake_list woken;
  seam::guard g(guard_);
  ++phase_;
  missing_ = expected_.read();
  line_.take_all(woken);
}

bool barrier_state::is_over(arrival_token a) const noexcept {
  seam::guard g(guard_);
  return phase_ != a.phase_;
}

}  // namespace quartet::detail
