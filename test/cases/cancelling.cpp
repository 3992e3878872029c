// SPDX-License-Identifier: Apache-2.0
// Stops, timers and groups: what goes on when somebody believes that it has ended.
#define QUARTET_CHECK 1
#include <vector>

#include <quartet/core/group.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/futex.hpp>
#include <quartet/seam/mutex.hpp>

#include "cases/case.hpp"
#include "cases/threads.hpp"

namespace quartet::cases {

namespace {

using namespace std::chrono_literals;

/// A wait that both its completion and its stop may end. Broken: each resumes it if it is not done.
void resumed_twice() {
  seam::atomic<bool> done{false};
  seam::atomic<int> resumed{0};
  auto const end = [&] {
    if (done.load(seam::acquire)) return;
    done.store(true, seam::release);
    check(resumed.fetch_add(1, seam::relaxed) == 0, "a wait is resumed once");
  };
  together(end, end);
}
/// quartet's own: a sleep that is stopped at the moment when it ends.
void stopped_sleep() {
  thread_pool pool({.workers = 1});
  stop_source stop;
  seam::atomic<int> resumed{0};
  auto const naps = [&]() -> task<> {
    struct count {
      seam::atomic<int>& n;
      ~count() { n.fetch_add(1, seam::relaxed); }
    } const at_end{resumed};
    co_await sleep_for(1ms);
  };
  auto nap = pool.submit({.stop = &stop}, naps);
  auto const stops = [&]() -> task<> {
    co_await sleep_for(1ms);
    stop.request();
  };
  auto stopper = pool.submit(stops);
  try {
    nap.blocking_get();
  } catch (stopped const&) {
  }
  stopper.blocking_get();
  check(resumed.load(seam::relaxed) <= 1, "a sleep ends once");
}

/// A timer and the end of what it is for. Broken: it looks whether it was cancelled, then uses the
/// frame of its task, which may be gone by then.
template <version v> void timer_after_its_frame() {
  seam::mutex m;
  seam::atomic<bool> cancelled{false};
  block frame;
  auto const waits_until_then = [] {
    seam::futex_word const word{0};
    seam::futex_wait(word, 0, after(1ms));
  };
  together(
      [&] {
        waits_until_then();
        if (v == mended) m.lock();
        if (!cancelled.load(seam::acquire)) frame.use();
        if (v == mended) m.unlock();
      },
      [&] {
        waits_until_then();
        if (v == mended) m.lock();
        cancelled.store(true, seam::release);
        if (v == mended) m.unlock();
        frame.free();
      });
}

/// A task leaves a child behind that uses what lives in its frame. Mended: a group joins it.
template <version v> void child_left_behind() {
  thread_pool pool({.workers = 2});
  std::vector<future<void>> left_behind;
  left_behind.reserve(1);
  block frame;
  auto const child = [&] { frame.use(); };
  auto const spawns = [&](group& g) { g.spawn(child); };
  auto const parent = [&]() -> task<> {
    if (v == broken) left_behind.push_back(pool.submit(child));
    if (v == mended) co_await with_group(spawns);
    co_await yield();
    frame.free();
  };
  pool.submit(parent).blocking_get();
  for (auto& f : left_behind) f.blocking_get();
}

}  // namespace

std::vector<sim_case> cancel_cases() {
  return {
      {39, "resumed_twice", "completion and stop both resume",  //
       resumed_twice, stopped_sleep, verdict::check},
      {39, "timer_after_its_frame", "a timer fires into a frame that is gone",  //
       timer_after_its_frame<broken>, timer_after_its_frame<mended>, verdict::check},
      {39, "child_left_behind", "a group left with a child that uses the parent's frame",  //
       child_left_behind<broken>, child_left_behind<mended>, verdict::check},
  };
}

}  // namespace quartet::cases
