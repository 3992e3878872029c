// SPDX-License-Identifier: Apache-2.0
// Invariants: asked after every step, unheard and unseen.
//
// While one is asked nobody runs: `running_` is null, and all that it looks at passes by as it does
// outside of runs. So no operation of it is a step, a turn or an edge between threads, and a run is
// the same with and without invariants that hold.
#include <algorithm>
#include <utility>

#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/seam/invariant.hpp>

namespace quartet::detail::sim {

void world::watch(seam::watched_check const& c) noexcept {
  if (running_ == nullptr) return machine::watch(c);
  watched_.push_back(&c);
  find_usual();
  watched_something_ = true;
  look();
}

// Not found: it was made outside, or by a run that is over.
void world::unwatch(seam::watched_check const& c) noexcept {
  auto const at = std::ranges::find(watched_, &c);
  if (running_ == nullptr || at == watched_.end()) return;
  look();
  watched_.erase(at);
  find_usual();
}

void world::look() noexcept {
  strand* const me = std::exchange(running_, nullptr);
  auto const broken = std::ranges::find_if(watched_, [](auto const* c) { return !c->holds(*c); });
  running_ = me;
  if (broken == watched_.end()) return;
  outline_.what = (*broken)->what;
  outline_.where = (*broken)->where;
  outline_.after = me->last;
  end_by(verdict::invariant);
}

}  // namespace quartet::detail::sim
