// SPDX-License-Identifier: Apache-2.0
// A stop at a chosen checkpoint.
//
// A thread of its own requests it, as anybody from outside would: a waiter that listens may still
// hold the lock of its primitive, for which its hook has to wait. At once means that this thread
// goes on before all others whenever it can. So a scope that is looked at is seen stopped, one that
// somebody is about to listen to does not let him, and who listens already is taken out of his line
// as soon as he stands in it.
#include <quartet/exec/sim/detail/world.hpp>

namespace quartet::detail::sim {

void world::at_checkpoint(seam::checkpoint const& c) noexcept {
  if (running_ == nullptr || ++outline_.checkpoints != how_.stop_at) return;
  outline_.stop_requested = true;
  c.hold(c.scope);
  strand& s = make_strand(c.request, c.scope, "stop");
  running_->clock.advance(running_->number);
  if (how_.stop_at_once) urgent_ = &s;
  go_on(true);
}

}  // namespace quartet::detail::sim
