// SPDX-License-Identifier: Apache-2.0
// Invariants on a machine that cannot look after every step.
#include <quartet/seam/check.hpp>
#include <quartet/seam/invariant.hpp>

namespace quartet::seam {

void machine::watch(watched_check const& c) noexcept { check(c.holds(c), c.what, c.where); }
void machine::unwatch(watched_check const& c) noexcept { check(c.holds(c), c.what, c.where); }

}  // namespace quartet::seam
