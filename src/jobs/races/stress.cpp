// SPDX-License-Identifier: Apache-2.0
// Runs on the real machine, in child processes.
//
// A child runs the body over and over, and tells how many runs have ended in memory that it shares
// with its parent. No machine is set: threads, locks and checks are those that any program has. So
// a failed check aborts the child, as it would any program, and that is the failure; a deadlock
// stops its counting, and the parent, which waits for the child's end with a bound, sees that
// nothing has ended for a second and kills it. After a failure another child goes on.
// Refused: a check that throws or returns here, since then the threads around it would go on in a
// state that the bug has left them; a lock with a bound, since then it would be another program.
#include "stress.hpp"

#include <algorithm>
#include <csignal>
#include <new>
#include <sys/prctl.h>

#include <quartet/seam/atomic.hpp>

#include "ended_well.hpp"

namespace quartet::jobs::races {

namespace {

using namespace std::chrono_literals;

constexpr duration patience = 1s;      // a run takes some 100 us: this one does not end
constexpr duration least_time = 10ms;  // that a failure counts for, so that there is an end to them

/// What a child tells.
struct counter {
  seam::atomic<std::uint64_t> runs{0};  // that have ended
  seam::atomic<time_point> last;        // when the last of them did
};

/// What became of a child.
struct attempt {
  std::uint64_t runs;  // that have ended
  bool failed;         // one more has not
  duration time;       // that they took
};

unsigned long runs_of(void* c) { return static_cast<counter*>(c)->runs.load(seam::relaxed); }

/// Runs until the time is over or one has failed.
attempt run_for(void (*body)(), duration time) {
  detail::shared_pages const pages(sizeof(counter));
  auto& counted = *new (pages.data()) counter;
  time_point const began = clock::now();
  auto runs = [&] {
    prctl(PR_SET_DUMPABLE, 0);  // of aborts by the dozen nobody wants the cores
    do {
      body();
      counted.last.store(clock::now(), seam::relaxed);
      counted.runs.fetch_add(1, seam::relaxed);
    } while (clock::now() - began < time);
  };
  detail::child child([](void* f, std::string&) { (*static_cast<decltype(runs)*>(f))(); }, &runs);
  detail::child_end const end = child.wait(&runs_of, &counted, patience);
  bool const failed = end.hung || end.signal == SIGABRT;
  if (!failed) ended_well("runs", end);
  duration const took = counted.last.load(seam::relaxed) - began;
  return {counted.runs.load(seam::relaxed), failed,
          failed ? std::max(took, least_time) : std::max(took, time)};
}

}  // namespace

stress_figures stress(void (*body)(), duration time) {
  stress_figures f;
  while (f.runs == 0 || time > duration::zero()) {
    attempt const a = run_for(body, time);
    time -= a.time;
    f.runs += a.runs + (a.failed ? 1 : 0);
    f.failures += a.failed ? 1 : 0;
    if (a.failed && f.failures == 1) f.first = f.runs;
  }
  return f;
}

}  // namespace quartet::jobs::races
