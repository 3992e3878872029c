// SPDX-License-Identifier: Apache-2.0
// The inside of a simulator: its world, the workers in it, and the way in and out.
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <quartet/core/executor_base.hpp>
#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/exec/sim/simulator.hpp>
#include <quartet/reactor/detail/timer_heap.hpp>
#include <quartet/seam/mutex.hpp>

#include "ready_calls.hpp"

namespace quartet::detail::sim {

class worker;

/// How a turn of driving ended.
enum class drive_end : unsigned char {
  done,     ///< what was waited for
  late,     ///< the deadline has come
  stuck,    ///< nobody can go on
  trouble,  ///< a stack could not be made
  over,     ///< the run is
};

/// Threads: as its simulator, whose one core it is. Stop: see `call`. Errors: see `drive`.
/// Lifetime: of the simulator; `end` before it dies.
class core final : public timer_service {
 public:
  core(executor_base& e, simulator_options const& o);
  ~core();

  executor_base& owner() const noexcept { return owner_; }
  std::uint64_t seed() const noexcept { return options_.seed; }
  time_point now() noexcept { return world_.now(); }
  std::uint64_t trace_hash() const noexcept { return world_.so_far().trace_hash; }

  void start(call& c) noexcept;
  void drive(seam::atomic<bool> const& done, time_point deadline);
  void drive_to_end(seam::atomic<bool> const& done) noexcept;
  void count_in() noexcept;
  void count_out() noexcept;
  void arm(timer& t) override;
  bool cancel(timer& t) noexcept override;
  /// For the destructor: runs until every call has ended, or none can.
  void end() noexcept;

  // For workers, inside.
  void work(worker& me) noexcept;
  void will_block() noexcept;
  void did_block() noexcept;

 private:
  struct seat {  // a simulated thread that waits for `done`; on its stack
    seam::atomic<bool> const& done;
    unsigned thread;
    std::uint32_t word = 0;  // where it waits
  };
  class role;

  bool inside() noexcept { return &seam::this_machine().of_threads() == &world_; }

  // outside (core.cpp)
  drive_end go(seam::atomic<bool> const* done, time_point until) noexcept;
  drive_end go_patiently(seam::atomic<bool> const& done, time_point until) noexcept;
  void wait_for_others(role& mine, std::uint32_t seen) noexcept;
  bool all_ended() noexcept;
  void knock() noexcept;
  void break_down() noexcept;
  time_point in_virtual_time(time_point deadline) noexcept;
  worker const* worker_of(unsigned thread) const noexcept;
  std::vector<unfinished> blocked() const;
  bool still_stuck() const noexcept;
  std::string names(std::vector<unfinished> const& all) const;
  std::string stuck_text() const;
  std::string over_text() const;

  // inside: the keeper (keeper.cpp)
  void keep() noexcept;
  bool help_out() noexcept;
  void fire_due() noexcept;
  time_point next_time() noexcept;
  void wake_keeper() noexcept;
  void leave(drive_end how) noexcept;
  bool end_of_drive() noexcept;
  void close_workers() noexcept;

  // inside: workers (workers.cpp)
  bool muster(unsigned most) noexcept;
  void call_up();
  void start_worker();
  call* take() noexcept;
  void push(call& c) noexcept;
  void run(call& c) noexcept;
  void run_chunk(call_range& r) noexcept;
  void rest(worker& me) noexcept;
  void wait_inside(seam::atomic<bool> const& done, time_point deadline) noexcept;
  void look_at_seats() noexcept;

  executor_base& owner_;
  simulator_options const options_;
  world world_;

  // Shared with threads outside. Guarded by `lock_`, which is taken on the machine as it is, and
  // under which no operation is announced: so it is never held while another strand runs.
  seam::mutex lock_;
  ready_calls ready_;
  timer_heap timers_;
  std::size_t outstanding_ = 0;          // calls begun and not ended
  timer const* firing_ = nullptr;        // runs now; its address only
  void const* firing_thread_ = nullptr;  // where
  seam::mutex fire_lock_;                // a lock of the run, held by the keeper while it fires
  seam::futex_word knocks_{0};           // counts what threads outside have done

  // Of those outside who drive, guarded by `role_lock_`.
  seam::mutex role_lock_;
  seam::condition role_free_;
  bool role_taken_ = false;
  bool refused_ = false;  // a wait was, and what it was refused for may still be so
  std::vector<std::pair<unsigned, std::uint64_t>> stuck_;  // threads then, and their points
  bool over_ = false;                                      // nothing is run any more
  std::string why_over_;

  // Of this turn of driving: set outside before it, read inside.
  seam::atomic<bool> const* asked_ = nullptr;  // null: until every call has ended
  time_point asked_until_ = never;
  bool closing_ = false;
  drive_end how_ = drive_end::done;  // set inside
  std::exception_ptr trouble_;

  // Of the simulated threads, among which only one runs.
  bool leaving_ = false;           // one of them is
  std::uint32_t keeper_word_ = 0;  // 1: look again
  std::vector<std::unique_ptr<worker>> workers_;
  std::vector<worker*> resting_;
  unsigned active_ = 0;  // workers that neither rest nor wait
  std::vector<seat*> seats_;
};

}  // namespace quartet::detail::sim
