// SPDX-License-Identifier: Apache-2.0
// Looks at a thread from outside.
#include "suspect.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <sched.h>
#include <span>
#include <utility>

#include <quartet/os/thread_sample.hpp>

namespace quartet::detail::pool {

namespace {

constexpr unsigned looks_needed = 3;
constexpr duration longest_pause = std::chrono::seconds(1);
constexpr duration cpu_between_samples = std::chrono::microseconds(200);

/// Whether an instruction is in the system call that does nothing but let others run.
bool is_yield(std::uintptr_t code) noexcept {
  constexpr std::uintptr_t longest = 32;  // of the C library's function
  return code - reinterpret_cast<std::uintptr_t>(&sched_yield) < longest;
}

/// Samples of one thread, of which many must be like earlier ones, and not many more new. What a
/// thread does that makes system calls shows in the kernel: a file is read further.
class round_trip {
 public:
  enum class answer { maybe, yes, no };

  answer add(os::thread_sample const& s) noexcept {
    bool const ran =
        last_cpu_ == std::chrono::nanoseconds() || s.cpu - last_cpu_ >= cpu_between_samples;
    if (!ran) return answer::maybe;
    if (s.in_system_call && !is_yield(s.code)) return answer::no;
    last_cpu_ = s.cpu;
    bool const seen = std::any_of(known_.begin(), known_.end(),
                                  [&](auto const& before) { return s.repeats(before); });
    if (seen) return ++repeats_ == repeats_needed ? answer::yes : answer::maybe;
    if (known_.size() == std::min<std::size_t>(repeats_ + most_new, states_.size()))
      return answer::no;
    states_[known_.size()] = s;
    known_ = {states_.data(), known_.size() + 1};
    return answer::maybe;
  }

 private:
  static constexpr unsigned repeats_needed = 8;
  static constexpr unsigned most_new = 12;  // more than repeats
  std::array<os::thread_sample, repeats_needed + most_new> states_{};
  std::span<os::thread_sample> known_;  // of these
  unsigned repeats_ = 0;
  std::chrono::nanoseconds last_cpu_{};
};

}  // namespace

/// Whether it is in the call in which it was.
bool suspect::stays(time_point now) noexcept {
  std::uint64_t const turns = signs_->turns.read();
  if (turns == turns_ && !idle()) return true;
  turns_ = turns;
  since_ = now;
  looks_ = 0;
  again_ = now;
  pause_ = duration::zero();
  return false;
}

progress suspect::look(time_point now, duration patience, bool& may_sample) noexcept {
  if (!stays(now) || now < again_) return progress::unknown;
  auto const seen = os::look_at_thread(signs_->thread.load(seam::relaxed, seam::quiet()));
  if (!seen) return progress::unknown;
  last_ = *seen;
  place_ = {last_.code, last_.stack, {}, signs_->bottom.load(seam::relaxed, seam::quiet())};
  if (looks_++ == 0) {
    first_ = last_;
    first_look_ = now;
    always_waited_ = true;
  }
  always_waited_ = always_waited_ && last_.waits;
  duration const watched = now - first_look_;
  if (looks_ < looks_needed || watched < patience / 4) return progress::unknown;
  if (always_waited_ && last_.cpu - first_.cpu <= watched / 2) return found(progress::waits, now);
  if (last_.waits) return found(progress::computes, now);
  if (!std::exchange(may_sample, false)) return progress::unknown;  // in the next round
  return found(spins() ? progress::spins : progress::computes, now);
}

/// Looks again later, so that one that computes for long is not held up for nothing.
progress suspect::found(progress p, time_point now) noexcept {
  if (signs_->turns.read() != turns_) return progress::unknown;
  looks_ = 0;
  pause_ = std::min(std::max(2 * pause_, now - since_), longest_pause);
  again_ = now + pause_;
  return p;
}

bool suspect::spins() noexcept {
  constexpr int most_samples = 48;
  constexpr std::chrono::milliseconds patience(5);
  round_trip trip;
  int const thread = signs_->thread.load(seam::relaxed, seam::quiet());
  for (int i = 0; i != most_samples && signs_->turns.read() == turns_; ++i) {
    auto const now = os::look_at_thread(thread);
    if (!now || now->waits) return false;  // a signal might end that early
    auto const s = os::thread_sampler::of_process().take(thread, patience);
    if (!s) return false;
    place_ = {s->code, s->stack, s->frame, place_.bottom};
    switch (trip.add(*s)) {
      case round_trip::answer::yes:
        return true;
      case round_trip::answer::no:
        return false;
      case round_trip::answer::maybe:
        break;
    }
  }
  return false;
}

}  // namespace quartet::detail::pool
