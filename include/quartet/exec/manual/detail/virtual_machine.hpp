// SPDX-License-Identifier: Apache-2.0
// The machine around, but for its clock, which stands until somebody advances it.
#pragma once

#include <quartet/seam/atomic.hpp>

namespace quartet::detail {

/// Everything is left to the machine on which it was made, except the time.
/// Threads: all members concurrently. Stop: not concerned. Errors: those of the machine around.
/// Lifetime: that machine outlives it. Threads started on it run on the machine around.
class virtual_machine final : public seam::machine {
 public:
  virtual_machine()
      : around_(seam::this_machine()), now_(clock::now().time_since_epoch().count()) {}

  time_point now() noexcept override {
    return time_point(duration(now_.load(std::memory_order_relaxed)));
  }
  void set(time_point t) noexcept {
    now_.store(t.time_since_epoch().count(), std::memory_order_relaxed);
  }

  void at(seam::operation const& o) noexcept override { around_.at(o); }
  void done(seam::operation const& o, bool took) noexcept override { around_.done(o, took); }
  void lock_mutex(std::atomic<std::uint32_t>& word, char const* file, unsigned line,
                  char const* function) noexcept override {
    around_.lock_mutex(word, file, line, function);
  }
  void unlock_mutex(std::atomic<std::uint32_t>& word, char const* file, unsigned line,
                    char const* function) noexcept override {
    around_.unlock_mutex(word, file, line, function);
  }
  void task(seam::task_note const& n) noexcept override { around_.task(n); }
  void use(seam::data_use const& u) noexcept override { around_.use(u); }
  void failed(char const* what, place w) noexcept override { around_.failed(what, w); }
  void reached(char const* what, bool here, place w) noexcept override {
    around_.reached(what, here, w);
  }
  bool fault(seam::kind what, char const* name, place w) noexcept override {
    return around_.fault(what, name, w);
  }
  void faults_end() noexcept override { around_.faults_end(); }
  void at_checkpoint(seam::checkpoint const& c) noexcept override { around_.at_checkpoint(c); }
  void watch(seam::watched_check const& c) noexcept override { around_.watch(c); }
  void unwatch(seam::watched_check const& c) noexcept override { around_.unwatch(c); }
  seam::wake futex_wait(std::uint32_t const* word, std::uint32_t expected,
                        time_point deadline) noexcept override;
  void futex_wake(std::uint32_t const* word, int count) noexcept override;
  std::uint64_t entropy() noexcept override;
  seam::machine& of_threads() noexcept override { return around_.of_threads(); }
  seam::thread_handle* start_thread(void (*body)(void*), void* argument, char const* name) override;
  void join_thread(seam::thread_handle* t) noexcept override;
  void yield_thread() noexcept override;
  int poll(int poller, epoll_event* events, int capacity, time_point deadline) noexcept override;
  std::ptrdiff_t read(int fd, void* to, std::size_t size) noexcept override;
  std::ptrdiff_t write(int fd, void const* from, std::size_t size) noexcept override;
  std::ptrdiff_t send(int fd, msghdr const* message, int flags) noexcept override;
  std::ptrdiff_t receive(int fd, msghdr* message, int flags) noexcept override;
  seam::process_handle start_process(seam::process_plan const& plan) noexcept override;
  seam::process_end wait_process(int pidfd) noexcept override;

 private:
  time_point real(time_point deadline) noexcept;

  seam::machine& around_;
  seam::bare::atomic<duration::rep> now_;  // bare: reading the time is no operation of its own
};

}  // namespace quartet::detail
