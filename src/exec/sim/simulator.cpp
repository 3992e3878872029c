// SPDX-License-Identifier: Apache-2.0
// The simulator as others see it, and what it says when it cannot go on.
#include <algorithm>

#include <quartet/core/pool_options.hpp>
#include <quartet/exec/sim/simulator.hpp>

#include "core.hpp"
#include "worker.hpp"

namespace quartet {

namespace {

using detail::sim::outline;
using detail::sim::verdict;

simulator_options const& valid(simulator_options const& o) {
  check(pool_options{.workers = o.workers});
  if (o.workers == 0)
    throw std::invalid_argument("a simulator with 0 workers would run nothing; choose 1 or more");
  if (!QUARTET_SIM)
    throw std::runtime_error(
        "the simulator needs the hooks of the seam: build quartet with QUARTET_SIM=ON");
  return o;
}

std::string at(place const& p) {
  std::string_view const file = p.file;
  return std::string(file.substr(file.rfind('/') + 1)) + ":" + std::to_string(p.line);
}

std::string what_ended_it(outline const& o, std::uint64_t points_max) {
  switch (o.how) {
    case verdict::check:
      return "a check failed (" + at(o.where) + "): " + o.what;
    case verdict::invariant:
      return "an invariant was broken (" + at(o.where) + "): " + o.what;
    case verdict::exception:
      return "an exception left a simulated thread: " + o.what;
    case verdict::race:
      return "a data race: thread " + std::to_string(o.first.thread) +
             (o.first.writes ? " writes" : " reads") + ", thread " +
             std::to_string(o.second.thread) + (o.second.writes ? " writes" : " reads") +
             ", and nothing orders the two";
    case verdict::endless:
      return "no end after " + std::to_string(points_max) +
             " operations; if it is meant to take longer, give the simulator a larger points_max";
    default:
      return name(o.how);
  }
}

}  // namespace

namespace detail::sim {

worker const* core::worker_of(unsigned thread) const noexcept {
  for (auto const& w : workers_)
    if (w->number() == thread) return w.get();
  return nullptr;
}

/// Threads that have not ended, but for the keeper and for workers that wait for work.
std::vector<unfinished> core::blocked() const {
  std::vector<unfinished> all = world_.standing();
  std::erase_if(all, [this](unfinished const& u) {
    worker const* const w = worker_of(u.thread);
    return u.thread == 0 || (w != nullptr && w->rests);
  });
  return all;
}

std::string core::names(std::vector<unfinished> const& all) const {
  std::string text;
  for (unfinished const& u : all) {
    worker const* const of = worker_of(u.thread);
    text += text.empty() ? "" : "; ";
    if (u.on < 0) text += "thread " + std::to_string(u.thread) + (of == nullptr ? " " : "");
    if (of == nullptr) text += "'" + u.name + "'";
    if (of != nullptr && of->call != nullptr) text += " in call '" + std::string(of->call) + "'";
    if (std::ranges::find(seats_, u.thread, &seat::thread) != seats_.end())
      text += " waits for another call";
    else if (u.holder >= 0)
      text += " waits for the lock that thread " + std::to_string(u.holder) + " holds, at " +
              at(u.last.where);
    else if (u.on >= 0)
      text += " waits; the last step of its thread was at " + at(u.last.where);
    else
      text += std::string(" stands at ") + seam::name(u.last.what) + ", " + at(u.last.where);
  }
  return text;
}

std::string core::stuck_text() const {
  std::string const who = names(blocked());
  return "nobody can go on in the simulator (seed " + std::to_string(options_.seed) +
         ") and no timer is armed, so the wait would never end: " +
         "submit or resume what it waits for first" + (who.empty() ? "" : ". Left: " + who);
}

std::string core::over_text() const {
  if (!why_over_.empty()) return why_over_;
  std::string const who = names(blocked());
  return "the simulated run of seed " + std::to_string(options_.seed) +
         " has ended early: " + what_ended_it(world_.so_far(), options_.points_max) +
         (who.empty() ? "" : ". " + who);
}

}  // namespace detail::sim

simulator::simulator(simulator_options o)
    : core_(std::make_unique<detail::sim::core>(*this, valid(o))) {}

simulator::~simulator() { core_->end(); }

std::uint64_t simulator::seed() const noexcept { return core_->seed(); }
time_point simulator::now() const noexcept { return core_->now(); }
std::uint64_t simulator::trace_hash() const noexcept { return core_->trace_hash(); }

void simulator::start(call& c) noexcept { core_->start(c); }
timer_service& simulator::timers() noexcept { return *core_; }
void simulator::drive(seam::atomic<bool> const& done, time_point deadline) {
  core_->drive(done, deadline);
}
void simulator::drive_to_end(seam::atomic<bool> const& done) noexcept { core_->drive_to_end(done); }
void simulator::count_in() noexcept { core_->count_in(); }
void simulator::count_out() noexcept { core_->count_out(); }

}  // namespace quartet
