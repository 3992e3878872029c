// SPDX-License-Identifier: Apache-2.0
// Wake-ups that come too early, for nothing, or for somebody else.
#define QUARTET_CHECK 1
#include <stdexcept>

#include <quartet/base/errors.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/sync/event.hpp>
#include <quartet/sync/semaphore.hpp>

#include "cases/case.hpp"
#include "cases/threads.hpp"

namespace quartet::cases {

namespace {

using namespace std::chrono_literals;

/// The flag is tested outside the lock that the sleeper gives up.
template <version v> void lost_wake_up() {
  seam::mutex m;
  seam::condition c;
  seam::atomic<bool> flag{false};
  together(
      [&] {
        bool const early = v == broken && flag.load(seam::acquire);
        if (early) return;
        seam::guard const g(m);
        if (v == broken) c.wait(m);
        while (v == mended && !flag.load(seam::acquire)) c.wait(m);
      },
      [&] {
        m.lock();
        flag.store(true, seam::release);
        m.unlock();
        c.notify_one();
      });
}

/// The same with a bell that is taken back after the test instead of before. A timeout hides it:
/// the sleeper looks again after ten seconds.
template <version v> void hidden_wake_up() {
  event bell;
  seam::atomic<bool> flag{false};
  together(
      [&] {
        for (;;) {
          if (v == mended) bell.reset();
          if (flag.load(seam::acquire)) return;
          if (v == broken) bell.reset();
          try {
            bell.blocking_wait_for(10s);
          } catch (timed_out const&) {
          }
        }
      },
      [&] {
        flag.store(true, seam::release);
        bell.set();
      });
}

/// Looks once instead of until it holds. What makes the difference is a spurious wake-up.
template <version v> void once_instead_of_until() {
  seam::mutex m;
  seam::condition c;
  shared<bool> ready{false};

  together(
      [&] {
        seam::guard const g(m);
        if (v == broken && !ready) c.wait(m);
        while (v == mended && !ready) c.wait(m);
        check(ready, "it is ready");
      },
      [&] {
        seam::guard const g(m);
        ready = true;
        c.notify_one();
      });
}

/// Readers come in whenever no writer is inside: while two take turns, none ever gets in. Whoever
/// was inside when the writer came may have let one more in; not more.
template <version v> void starved_writer() {
  seam::mutex m;
  seam::condition changed;
  shared<int> readers{0}, overtaken{0};
  shared<bool> waits{false};
  auto const read = [&](int) {
    for (int round = 0; round != 3; ++round) {
      m.lock();
      while (v == mended && waits) changed.wait(m);
      ++readers;
      if (waits) check(++overtaken <= 2, "a writer is let in in the end");
      m.unlock();
      seam::guard const g(m);
      if (--readers == 0) changed.notify_all();
    }
  };
  auto const write = [&] {
    seam::guard const g(m);
    waits = true;
    while (readers != 0) changed.wait(m);
    waits = false;
    changed.notify_all();
  };
  crowd(3, [&](int i) { i == 0 ? write() : read(i); });
}

/// An exception leaves the section with the permit.
template <version v> void lost_permit() {
  semaphore permits(1);
  auto const section = [&] {
    permits.blocking_acquire();
    struct at_end {
      semaphore* s;
      ~at_end() {
        if (s != nullptr) s->release();
      }
    } const back{v == mended ? &permits : nullptr};
    if (fault_point("the disk is full")) throw std::runtime_error("the disk is full");
    if (v == broken) permits.release();
  };
  crowd(2, [&](int) {
    for (int round = 0; round != 2; ++round) try {
        section();
      } catch (std::runtime_error const&) {
      }
  });
}

}  // namespace

std::vector<sim_case> waiting_cases() {
  return {
      {26, "lost_wake_up", "a flag tested outside the lock",  //
       lost_wake_up<broken>, lost_wake_up<mended>, verdict::deadlock},
      {.number = 26,
       .name = "hidden_wake_up",
       .idea = "a lost wake-up that a timeout hides",
       .broken = hidden_wake_up<broken>,
       .mended = hidden_wake_up<mended>,
       .shows = verdict::stall,
       .stall_min = 1s},
      {.number = 27,
       .name = "once_instead_of_until",
       .idea = "if instead of while around a wait",
       .broken = once_instead_of_until<broken>,
       .mended = once_instead_of_until<mended>,
       .shows = verdict::check},
      {32, "starved_writer", "a lock that prefers readers",  //
       starved_writer<broken>, starved_writer<mended>, verdict::check},
      {.number = 34,
       .name = "lost_permit",
       .idea = "an exception leaves with the permit",
       .broken = lost_permit<broken>,
       .mended = lost_permit<mended>,
       .shows = verdict::deadlock,
       .faults_percent = 20},
  };
}

}  // namespace quartet::cases
