// SPDX-License-Identifier: Apache-2.0
// The public face of the pool.
#include <algorithm>

#include <quartet/base/assert.hpp>
#include <quartet/core/detail/after_fork.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/os/affinity.hpp>
#include <quartet/os/cpu_quota.hpp>

#include "core.hpp"
#include "worker.hpp"

namespace quartet {

namespace {

std::unique_ptr<detail::pool::core> core_for(executor_base& e, pool_options o) {
  check(o);
  bool const follows_machine = o.workers == 0 && os::default_workers_may_change();
  if (o.workers == 0) o.workers = os::default_workers();
  if (!follows_machine) return std::make_unique<detail::pool::core>(e, o);
  return std::make_unique<detail::pool::core>(e, o, std::max(os::online_cpus(), o.workers));
}

}  // namespace

thread_pool::thread_pool(pool_options o) : core_(core_for(*this, o)), observer_(o.counters) {}

thread_pool::~thread_pool() {
  if (core_->process.is_elsewhere()) {
    detail::leave_to_parent(core_.release());
    return;
  }
  QUARTET_ASSERT(detail::pool::worker::current(*core_) == nullptr,
                 "a call of the pool destroys it, or leaves the program with a pool at namespace "
                 "scope: it would wait for itself");
  core_->resume_for_good();
  wait_until_idle();
  core_->close();
  if (observer_ != nullptr) observer_->on_counters(core_->counters());
}

void thread_pool::warm() { core_->crew.staff_all(); }
unsigned thread_pool::workers() const noexcept { return core_->workers(); }
void thread_pool::pause() noexcept { core_->pause(); }
void thread_pool::resume() noexcept { core_->resume(); }
pool_counters thread_pool::counters() const noexcept { return core_->counters(); }
void thread_pool::start(call& c) noexcept { core_->start(c); }
std::uint64_t thread_pool::started() const noexcept {
  return core_->process.is_here() ? core_->injected.pushed() : 0;
}
void thread_pool::raise(call& c, priority to) noexcept { core_->raise(c, to); }
descriptor_service* thread_pool::descriptors() { return &core_->timers; }
timer_service& thread_pool::timers() noexcept { return core_->timers; }

}  // namespace quartet
