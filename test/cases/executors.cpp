// SPDX-License-Identifier: Apache-2.0
// Pools and loops: waits that nest, checks before an await, ends that race with beginnings.
#define QUARTET_CHECK 1
#include <array>
#include <deque>

#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/sync/channel.hpp>
#include <quartet/sync/event.hpp>
#include <quartet/sync/mutex.hpp>

#include "cases/case.hpp"
#include "cases/threads.hpp"

namespace quartet::cases {

namespace {

/// A pool of two threads that never become more.
class fixed_pool {
 public:
  using job = void (*)(fixed_pool&);
  void submit(job j) {
    seam::guard const g(m_);
    jobs_.write().push_back(j);
    more_.notify_one();
  }
  void close() {
    seam::guard const g(m_);
    closed_ = true;
    more_.notify_all();
  }
  seam::atomic<int> done{0};
  event inner_done[2];

 private:
  void work() {
    for (;;) {
      m_.lock();
      while (jobs_.read().empty() && !closed_) more_.wait(m_);
      job const j = jobs_.read().empty() ? nullptr : jobs_.read().front();
      if (j != nullptr) jobs_.write().pop_front();
      m_.unlock();
      if (j == nullptr) return;
      j(*this);
    }
  }
  seam::mutex m_;  // guards jobs_ and closed_
  seam::condition more_;
  shared<std::deque<job>> jobs_;
  shared<bool> closed_{false};
  std::array<seam::thread, 2> const workers_{seam::thread([this] { work(); }),
                                             seam::thread([this] { work(); })};
};

/// Each of two jobs waits for another one that it submits. If both are running before the first
/// inner one is, all workers wait for what stands behind them.
void nested_wait_in_fixed_pool() {
  fixed_pool pool;
  auto const outer = [](fixed_pool& p) {
    auto const inner = [](fixed_pool& q) {
      q.inner_done[q.done.fetch_add(1, seam::acq_rel)].set();
    };
    p.submit(inner);
    p.inner_done[0].blocking_wait();
  };
  pool.submit(outer);
  pool.submit(outer);
  pool.inner_done[1].blocking_wait();
  pool.close();
}
void nested_wait_in_thread_pool() {
  thread_pool pool({.workers = 2});
  auto const outer = [&pool] { return pool.submit([] { return 1; }).blocking_get(); };
  auto a = pool.submit(outer), b = pool.submit(outer);
  check(a.blocking_get() + b.blocking_get() == 2);
}

/// A task looks at a flag, says that it waits, and waits for a bell, which is rung only for those
/// who wait.
void bell_for_those_who_wait() {
  event_loop loop;
  channel<int> bell(1);
  seam::atomic<bool> set{false}, waits{false};
  seam::thread const setter([&] {
    set.store(true, seam::seq_cst);
    if (waits.load(seam::seq_cst)) static_cast<void>(bell.try_send(1));
  });
  auto const task_body = [&]() -> task<> {
    if (set.load(seam::seq_cst)) co_return;
    waits.store(true, seam::seq_cst);
    co_await bell.recv();
  };
  loop.run(task_body);
}
void event_for_a_task() {
  event_loop loop;
  event set;
  seam::thread const setter([&] { set.set(); });
  auto const task_body = [&]() -> task<> { co_await set.wait(); };
  loop.run(task_body);
}

/// What was there before an await is used after it.
template <version v> void act_after_await() {
  thread_pool pool({.workers = 2});
  mutex m;
  shared<int> stock{1};
  auto const buy = [&]() -> task<> {
    co_await m.lock();
    bool const some = stock > 0;
    if (v == broken) {
      m.unlock();
      co_await yield();
      co_await m.lock();
    }
    if (some) --stock;
    check(stock >= 0, "nobody gets what is not there");
    m.unlock();
  };
  auto a = pool.submit(buy), b = pool.submit(buy);
  a.blocking_get();
  b.blocking_get();
}

/// One worker, a queue that is only a number, and an end. Broken: whoever submits looks at the end
/// before the lock.
template <version v> void submit_at_the_end() {
  seam::mutex m;  // guards queued
  seam::condition changed;
  seam::atomic<bool> closing{false};
  shared<int> queued{0}, accepted{0}, ran{0};
  auto const work = [&] {
    seam::guard const g(m);
    for (;; --queued, ++ran) {
      while (queued == 0 && !closing.load(seam::acquire)) changed.wait(m);
      if (queued == 0) return;
    }
  };
  auto const submit = [&] {
    bool const early = v == broken && closing.load(seam::acquire);
    if (early) return;
    seam::guard const g(m);
    if (v == mended && closing.load(seam::acquire)) return;
    ++queued;
    ++accepted;
    changed.notify_one();
  };
  auto const close = [&] {
    seam::guard const g(m);
    closing.store(true, seam::release);
    changed.notify_all();
  };
  together(work, submit, close);
  check(ran == accepted, "what was accepted is run");
}

/// A worker finds nothing, says that it sleeps, and sleeps. Broken: it does not look again in
/// between, and who pushes wakes only those who sleep.
template <version v> void missed_notify() {
  seam::mutex m;
  seam::condition wake;
  seam::atomic<int> queued{0};
  seam::atomic<bool> sleeps{false};
  together(
      [&] {
        while (queued.load(seam::seq_cst) == 0) {
          seam::guard const g(m);
          sleeps.store(true, seam::seq_cst);
          if (v == broken || queued.load(seam::seq_cst) == 0) wake.wait(m);
          sleeps.store(false, seam::seq_cst);
        }
      },
      [&] {
        queued.fetch_add(1, seam::seq_cst);
        if (!sleeps.load(seam::seq_cst)) return;
        seam::guard const g(m);
        wake.notify_one();
      });
}

}  // namespace

std::vector<sim_case> executor_cases() {
  return {
      {.number = 36,
       .name = "nested_wait",
       .idea = "all workers wait for what is queued behind them (bshoshany/thread-pool#95)",
       .broken = nested_wait_in_fixed_pool,
       .mended = nested_wait_in_thread_pool,
       .shows = verdict::deadlock},
      {37, "bell_for_those_who_wait", "set between the look and the await",  //
       bell_for_those_who_wait, event_for_a_task, verdict::deadlock},
      {37, "act_after_await", "seen before an await, used after it",  //
       act_after_await<broken>, act_after_await<mended>, verdict::check},
      {40, "submit_at_the_end", "neither run nor refused",  //
       submit_at_the_end<broken>, submit_at_the_end<mended>, verdict::check},
      {40, "missed_notify", "a worker that goes to sleep on work just pushed",  //
       missed_notify<broken>, missed_notify<mended>, verdict::deadlock},
  };
}

}  // namespace quartet::cases
