// SPDX-License-Identifier: Apache-2.0
// What runs a process pool: one thread that gives out items, reads replies, and mends the pool.
//
//   start -> inbox -> queues -> worker's channel -> reply -> settled
//                       ^             |
//                       +-- came back: revoked, or behind an item that ended its worker
//
// Whoever holds the seat may touch jobs and workers. The thread takes it for each pass; a caller of
// `start` takes it if it is free, and gives its item to an idle worker at once, so that an idle
// pool costs no change of threads on the way out. Nobody waits in the poller with the seat taken.
//
// supervisor.cpp has the loop, dispatch.cpp what goes out, settle.cpp what comes back, heal.cpp the
// births and deaths of workers.
#pragma once

#include <array>
#include <list>
#include <memory>
#include <vector>

#include <quartet/base/intrusive_queue.hpp>
#include <quartet/core/executor_base.hpp>
#include <quartet/reactor/reactor.hpp>
#include <quartet/seam/home_process.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/thread.hpp>

#include "job.hpp"
#include "worker.hpp"

namespace quartet::detail::processes {

/// Threads: `start`, `warm`, `stop_asked` from any; `close` once, by the owner.
class supervisor {
 public:
  /// `workers`: at most so many processes.
  supervisor(executor_base& pool, unsigned workers);
  supervisor(supervisor const&) = delete;
  ~supervisor();

  void start(call& c) noexcept;
  /// Blocks: until all workers run. Errors: those that keep them from starting.
  void warm();
  /// Ends the workers and the thread. No call is left.
  void close() noexcept;

  /// Whether the workers are another process's: this one was forked from it.
  bool is_elsewhere() const noexcept { return process_.is_elsewhere(); }

  reactor& loop() noexcept { return loop_; }
  unsigned workers() const noexcept { return limit_; }
  /// pids of the workers that live now. For tests and reports.
  std::vector<int> pids();

  // What jobs and workers tell.
  void stop_asked(job& j) noexcept;
  /// Some call has a higher level than before.
  void raise_asked() noexcept;
  void line_ready(worker& w) noexcept;

 private:
  using job_queue = intrusive_list<job>;
  using call_queue = intrusive_queue<call, &call::next>;
  struct zygote_watch : watcher {
    explicit zygote_watch(supervisor& s) noexcept;
    supervisor& owner;
  };
  struct bell_watch : watcher {
    explicit bell_watch(supervisor& s) noexcept;
    supervisor& owner;
  };

  // supervisor.cpp
  void run() noexcept;
  bool pass() noexcept;
  void wait() noexcept;
  void take_inbox() noexcept;
  void take_up(call& c) noexcept;
  void answer_warm() noexcept;
  std::exception_ptr ensure_thread() noexcept;

  // dispatch.cpp
  void dispatch(bool may_start_workers) noexcept;
  job* first_waiting() noexcept;
  void follow_raises() noexcept;
  job_queue& queue_of(job const& j) noexcept { return queues_[static_cast<std::size_t>(j.level)]; }
  bool give_from(job& j, worker& w) noexcept;
  worker* choose(job const& j, bool may_start_workers) noexcept;
  std::size_t depth(job const& j) const noexcept;
  void enqueue(job& j, bool in_front) noexcept;
  void rebalance() noexcept;
  void tell_spin() noexcept;
  duration nap() const noexcept;

  // settle.cpp
  void collect() noexcept;
  void collect(worker& w) noexcept;
  void settle_reply(worker& w, worker::item it, slot const& s) noexcept;
  void settle_failed(job& j, std::size_t first, std::size_t last, ending how,
                     std::exception_ptr error) noexcept;
  void item_failed(job& j, std::size_t index, std::exception_ptr error) noexcept;
  void back_from_worker(job& j) noexcept;
  void came_back(job& j, std::size_t index) noexcept;
  void last_item_of(job& j, std::size_t items) noexcept;
  void settled(job& j, std::size_t items) noexcept;
  void stop(job& j) noexcept;
  void check_timeouts() noexcept;
  void kill_item(worker& w, std::uint64_t position, worker::reason why) noexcept;
  void fail_all(std::exception_ptr error) noexcept;

  // heal.cpp
  worker* start_worker() noexcept;
  void make_worker();
  void give_up(std::exception_ptr error) noexcept;
  void bury_dead() noexcept;
  void bury(worker& w) noexcept;
  void refill() noexcept;
  void forget_zygote() noexcept;
  bool end_workers() noexcept;

  executor_base& pool_;
  seam::home_process process_;
  unsigned const limit_;
  unsigned const processors_;
  reactor loop_;
  os::doorbell bell_;  // rung by workers
  bell_watch bell_watch_;
  zygote_watch zygote_watch_;
  seam::thread thread_;

  seam::mutex inbox_lock_;  // guards the next seven
  call_queue inbox_;
  intrusive_list<job::stop_asked> stops_;
  bool raised_ = false;
  bool running_ = false;  // the thread was started
  bool closing_ = false;
  bool warm_wanted_ = false;
  std::exception_ptr warm_error_;
  seam::condition warmed_;

  seam::mutex seat_;  // guards everything below
  function_table functions_;
  std::array<job_queue, 4> queues_;  // by priority; jobs with items that wait
  std::list<worker> workers_;
  std::shared_ptr<zygote> zygote_;  // null until the first worker, and after its death
  unsigned wanted_ = 0;             // workers to have without being asked: as many as there were
  std::exception_ptr start_error_;  // why the last attempt to start a worker failed
  unsigned failed_starts_ = 0;      // workers in a row that ended before they began
  time_point next_look_ = never;    // when something must be looked at though nobody rings
  time_point closing_since_ = never;
};

}  // namespace quartet::detail::processes
