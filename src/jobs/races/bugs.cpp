// SPDX-License-Identifier: Apache-2.0
// The list of bugs.
#include "bugs.hpp"

#include <array>

namespace quartet::jobs::races {

std::span<bug const> all_bugs() {
  static constexpr std::array<bug, 7> all{{
      {"lost update", lost_update},
      {"two-stage lock", two_stage_lock},
      {"reorder_5", reorder_5},
      {"work-stealing pop without lock", unlocked_pop},
      {"ABA on an index stack", aba},
      {"check-then-act", check_then_act},
      {"two-lock deadlock", two_locks},
  }};
  return all;
}

}  // namespace quartet::jobs::races
