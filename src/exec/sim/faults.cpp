// SPDX-License-Identifier: Apache-2.0
// What goes wrong that may: each time it could, the strategy decides, so that it is replayed and
// minimised like a switch. Surprises, which no program may rely not to happen, are part of the plan
// of some runs; faults proper are asked for.
#include <algorithm>
#include <array>

#include <quartet/exec/sim/detail/world.hpp>

#include "steps.hpp"

namespace quartet::detail::sim {

namespace {
constexpr unsigned surprise_chances = 400;  // in a thousand
}

unsigned world::chances(seam::kind what) const noexcept {
  switch (what) {
    case seam::kind::fault:
      return 10 * how_.may.points_percent;
    case seam::kind::out_of_memory:
      return 10 * how_.may.memory_percent;
    case seam::kind::slow:
      return 10 * how_.may.slow_percent;
    case seam::kind::spurious_wake:
      return (how_.may.surprises & spurious_wakes) != 0 ? surprise_chances : 0;
    case seam::kind::weak_failure:
      return (how_.may.surprises & weak_failures) != 0 ? surprise_chances : 0;
    default:
      return 0;
  }
}

// One that strikes is a step of the story.
bool world::strikes(seam::kind what, place where) noexcept {
  unsigned const n = chances(what);
  if (n == 0 || running_ == nullptr) return false;
  strand& me = *running_;
  if (!strategy_->strikes(me.number, n)) return false;
  happens(me, *me.self, {what, &me, false, seam::seq_cst, where});
  return true;
}

// Long enough for timers to come first, and too short to be taken for a stall.
void world::linger() noexcept {
  using namespace std::chrono_literals;
  strand& me = *running_;
  if (!strikes(seam::kind::slow, me.last.where)) return;
  static constexpr std::array<duration, 3> lengths{1us, 1ms, 100ms};
  duration const length = lengths[strategy_->pick(me.number, lengths.size())];
  park(*me.self, now_ + std::min(length, how_.stall_min / 4));
}

}  // namespace quartet::detail::sim
