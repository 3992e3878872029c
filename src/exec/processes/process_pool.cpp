// SPDX-License-Identifier: Apache-2.0
// The pool's face; supervisor.hpp has the work.
#include <quartet/core/detail/after_fork.hpp>
#include <quartet/exec/processes/process_pool.hpp>

#include "supervisor.hpp"

namespace quartet {

process_pool::process_pool(pool_options options) {
  check(options);
  supervisor_ = std::make_unique<detail::processes::supervisor>(*this, options.workers);
}

process_pool::~process_pool() {
  if (supervisor_->is_elsewhere())
    detail::leave_to_parent(supervisor_.release());
  else
    wait_until_idle();
}

void process_pool::start(call& c) noexcept { supervisor_->start(c); }
void process_pool::raise(call&, priority) noexcept { supervisor_->raise_asked(); }
timer_service& process_pool::timers() noexcept { return supervisor_->loop(); }
void process_pool::warm() { supervisor_->warm(); }
unsigned process_pool::workers() const noexcept { return supervisor_->workers(); }
std::vector<int> process_pool::pids() const { return supervisor_->pids(); }

}  // namespace quartet
