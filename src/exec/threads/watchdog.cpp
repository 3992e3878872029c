// SPDX-License-Identifier: Apache-2.0
// The rounds of the watchdog.
//
// Sleeping. The watchdog says that it sleeps, has a fence made for all threads, and looks once more
// whether anybody works; a worker says that it works, and looks whether the watchdog sleeps. One of
// them sees the other. Where such fences are not to be had the watchdog does not sleep.
#include "watchdog.hpp"

#include <algorithm>
#include <chrono>

#include <quartet/os/keep_loaded.hpp>
#include <quartet/seam/each_process.hpp>
#include <quartet/seam/machine.hpp>

#include "core.hpp"

namespace quartet::detail::pool {

namespace {
constexpr int looks_in_patience = 6;
constexpr int idle_rounds = 10;  // before it sleeps
constexpr duration shortest_round = std::chrono::milliseconds(1);
constexpr duration longest_round = std::chrono::seconds(1);
constinit seam::each_process<watchdog> of_process;
}  // namespace

std::shared_ptr<ward> watchdog::look_after(core& c, observer* o, duration patience) noexcept {
  watchdog* const it = of_process.get();
  if (it == nullptr) return nullptr;
  try {
    auto w = std::make_shared<ward>(c, c.name, o, patience, c.follows_machine);
    it->add(w);
    return w;
  } catch (...) {
    return nullptr;
  }
}

void watchdog::forget(std::shared_ptr<ward> const& w) noexcept {
  if (w == nullptr) return;
  w->forget();
  if (watchdog* const it = of_process.if_made()) it->remove(*w);
}

void watchdog::add(std::shared_ptr<ward> const& w) {
  seam::guard const g(guard_);
  wards_.push_back(w);
  try {
    if (!started_) thread_ = seam::thread([this] { live(); }, "quartet watch");
    started_ = true;
  } catch (...) {
    wards_.pop_back();
    throw;
  }
  asleep_.store(false, seam::relaxed, seam::quiet());  // somebody may work already
  bell_.notify_one();
}

void watchdog::remove(ward const& w) noexcept {
  seam::guard const g(guard_);
  std::erase_if(wards_, [&](auto const& other) { return other.get() == &w; });
}

void watchdog::wake_up() noexcept {
  watchdog* const it = of_process.if_made();
  if (it == nullptr) return;
  seam::guard const g(it->guard_);
  asleep_.store(false, seam::relaxed, seam::quiet());
  it->bell_.notify_one();
}

void watchdog::live() noexcept {
  os::keep_loaded();
  std::vector<std::shared_ptr<ward>> wards;
  for (int idle = 0;;) {
    duration round = longest_round;
    {
      seam::guard const g(guard_);
      try {
        wards = wards_;
      } catch (...) {  // no memory: those of before
      }
      for (auto const& w : wards)
        if (w->patience != duration::zero())
          round = std::min(round, w->patience / looks_in_patience);
    }
    idle = look_at_all(wards) ? 0 : idle + 1;
    seam::guard const g(guard_);
    if (idle < idle_rounds && !wards_.empty())
      bell_.wait(guard_, after(std::max(round, shortest_round)));
    else
      rest(), idle = 0;
  }
}

/// False: nobody works.
bool watchdog::look_at_all(std::vector<std::shared_ptr<ward>> const& wards) noexcept {
  bool any = false;
  std::vector<stuck_call> found;
  for (auto const& w : wards) {
    any = w->look(clock::now(), found) || any;
    for (stuck_call& call : found) {
      try {
        reporter_.tell(w, std::move(call));
      } catch (...) {
        w->told();
      }
    }
    found.clear();
  }
  return any;
}

/// With the guard. Until somebody works.
void watchdog::rest() noexcept {
  asleep_.store(true, seam::relaxed, seam::quiet());
  seam::heavy_fence();
  bool const sees_all = wards_.empty() || seam::heavy_fence_reaches_all();
  bool const may =
      sees_all && std::none_of(wards_.begin(), wards_.end(), [](auto& w) { return w->works(); });
  while (may && asleep_.load(seam::relaxed, seam::quiet())) bell_.wait(guard_);
  asleep_.store(false, seam::relaxed, seam::quiet());
}

}  // namespace quartet::detail::pool
