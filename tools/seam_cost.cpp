// SPDX-License-Identifier: Apache-2.0
// One path through locks or the pool, N times: seam_cost PATH N. tools/seam_cost.py runs it under
// callgrind, built with the seam's hooks and without, and compares the instructions of one time.
//
// Each path runs in one thread at a time, so that the numbers do not depend on who spins how long:
// what is forked is forked by a task of a pool with one worker, or while that worker is kept busy.
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/core/group.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/sync/channel.hpp>
#include <quartet/sync/mutex.hpp>
#include <quartet/sync/semaphore.hpp>

namespace {

using quartet::task;

// The process ends with the work: how long an idle worker looks around is of no interest.
[[noreturn]] void end() { std::_Exit(0); }

/// Its worker stands still on purpose, for long under valgrind: nobody is to come in its stead.
quartet::thread_pool& pool() {
  static quartet::thread_pool one({.workers = 1, .patience = {}});
  return one;
}

int next(int x) { return x + 1; }

task<> last(task<> (*f)(int), int n) {
  co_await f(n);
  end();
}
void as_task(task<> (*f)(int), int n) { pool().submit(last, f, n).blocking_get(); }

// Locks.

// Out of line, like quartet's own functions that lock one: no constant stays in a register.
[[gnu::noinline]] void enter(quartet::seam::mutex& m) { quartet::seam::guard const g(m); }
void seam_mutex(int n) {
  quartet::seam::mutex m;
  for (int i = 0; i != n; ++i) enter(m);
}

[[gnu::noinline]] bool enter(quartet::mutex& m) { return m.try_lock(); }
void mutex_try(int n) {
  quartet::mutex m;
  for (int i = 0; i != n; ++i)
    if (enter(m)) m.unlock();
}

void mutex_thread(int n) {
  quartet::mutex m;
  for (int i = 0; i != n; ++i) quartet::lock_guard const l(m);
}

task<> lock_each_time(int n) {
  quartet::mutex m;
  for (int i = 0; i != n; ++i) auto const l = co_await m.scoped_lock();
}
void mutex_task(int n) { as_task(lock_each_time, n); }

void semaphore_thread(int n) {
  quartet::semaphore s(1);
  for (int i = 0; i != n; ++i) {
    s.blocking_acquire();
    s.release();
  }
}

[[gnu::noinline]] bool give(quartet::channel<int>& c, int x) { return c.try_send(x); }
[[gnu::noinline]] auto take(quartet::channel<int>& c) { return c.try_recv(); }
void channel_try(int n) {
  quartet::channel<int> c(1);
  for (int i = 0; i != n; ++i)
    if (give(c, i)) (void)take(c);
}

void channel_thread(int n) {
  quartet::channel<int> c(1);
  for (int i = 0; i != n; ++i) {
    c.blocking_send(i);
    c.blocking_recv();
  }
}

// Forks and joins.

task<> fork_calls(int n) {
  for (int i = 0; i != n; ++i) co_await pool().submit(next, i);
}
void fork_call(int n) { as_task(fork_calls, n); }

task<> child(int* to) {
  ++*to;
  co_return;
}
task<> two(quartet::group& g, int* to) {
  g.spawn(child, to);
  co_await child(to);
}
task<> fork_groups(int n) {
  int sum = 0;
  for (int i = 0; i != n; ++i) co_await quartet::with_group(two, &sum);
}
void fork_group(int n) { as_task(fork_groups, n); }

task<> fork_maps(int n) {
  std::vector<int> items(8);
  quartet::bulk_options const each{.chunk = 1};  // else the clock decides how many at once
  for (int i = 0; i != n; ++i) co_await map(pool(), items, next, each);
}
void fork_map(int n) { as_task(fork_maps, n); }

/// Submitted by a thread outside, to a worker that stands still until all are there.
void fork_outside(int n) {
  pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&gate);
  auto first = pool().submit([&gate] { pthread_mutex_lock(&gate); });
  std::vector<quartet::future<int>> all;
  all.reserve(static_cast<std::size_t>(n));
  for (int i = 0; i != n; ++i) all.push_back(pool().submit(next, i));
  auto stop = pool().submit(end);
  pthread_mutex_unlock(&gate);
  stop.blocking_get();
}

struct path {
  std::string_view name;
  void (*run)(int n);
};

constexpr path paths[] = {
    {"lock/seam_mutex", seam_mutex},
    {"lock/mutex_try", mutex_try},
    {"lock/mutex_thread", mutex_thread},
    {"lock/mutex_task", mutex_task},
    {"lock/semaphore", semaphore_thread},
    {"lock/channel_try", channel_try},
    {"lock/channel_thread", channel_thread},
    {"fork/call", fork_call},
    {"fork/group", fork_group},
    {"fork/map_of_8", fork_map},
    {"fork/from_outside", fork_outside},
};

}  // namespace

int main(int argc, char** argv) {
  for (path const& p : paths) {
    if (argc == 1) std::printf("%s\n", p.name.data());
    if (argc == 3 && p.name == argv[1]) return p.run(std::atoi(argv[2])), 0;
  }
  if (argc == 1) return 0;
  std::fprintf(stderr, "seam_cost PATH N; without arguments it prints the paths\n");
  return 2;
}
