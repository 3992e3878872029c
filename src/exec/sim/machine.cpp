// SPDX-License-Identifier: Apache-2.0
// What the simulated machine does instead of the kernel: futexes, threads, descriptors.
#include <cerrno>

#include <quartet/exec/sim/detail/world.hpp>

namespace quartet::detail::sim {

namespace {
char const polling = 0;  // its address is what parked pollers wait at
}

seam::wake world::futex_wait(std::uint32_t const* word, std::uint32_t expected,
                             time_point deadline) noexcept {
  strand* const me = running_;  // null: refused by `park`
  // The lock is free in the run, so a thread outside has it, for a few lines.
  if (how_.open && me != nullptr && me->last.what == seam::kind::lock)
    return machine::futex_wait(word, expected, deadline);
  if (__atomic_load_n(word, __ATOMIC_SEQ_CST) != expected) return seam::wake::changed;
  if (deadline <= now_) return seam::wake::timed_out;
  if (strikes(seam::kind::spurious_wake, me == nullptr ? place() : me->last.where)) {
    me->blocks = false;
    go_on(true);
    return seam::wake::woken;
  }
  if (me != nullptr) me->waits_for = expected;
  seam::wake const how = park(objects_.at(word), deadline);
  me->waits_for.reset();
  me->blocks = false;
  return how;
}

// Which of those who wait is woken is a choice, too: the kernel promises no order.
void world::futex_wake(std::uint32_t const* word, int count) noexcept {
  if (running_ != nullptr && running_->left_out) return;
  std::vector<strand*>& waiting = objects_.at(word).waiting;
  for (; count > 0 && !waiting.empty(); --count) {
    std::size_t const n = waiting.size();
    std::size_t const i = n == 1 || count > 1'000 ? 0 : strategy_->pick(running_->number, n);
    strand& s = *waiting[i];
    waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(i));
    unpark(s, seam::wake::woken);
  }
  if (how_.open && count > 0) machine::futex_wake(word, count);
}

seam::thread_handle* world::start_thread(void (*body)(void*), void* argument, char const* name) {
  strand& s = make_strand(body, argument, name);
  if (running_ != nullptr) running_->clock.advance(running_->number);
  return reinterpret_cast<seam::thread_handle*>(&s);
}

void world::join_thread(seam::thread_handle* t) noexcept {
  auto& s = *reinterpret_cast<strand*>(t);
  if (running_->left_out) return;
  if (!s.ended) park(*s.self, never);
  running_->clock.join(s.clock);
}

int world::poll(int poller, epoll_event* events, int capacity, time_point deadline) noexcept {
  for (;;) {
    int const n = machine::poll(poller, events, capacity, time_point());  // what is there already
    if (n != 0 || deadline <= now_) return n;
    park(objects_.at(&polling), deadline);
  }
}

// Descriptors are real ones; what is written to one may be what a poller waits for.
void world::wake_pollers() noexcept {
  std::vector<strand*>& waiting = objects_.at(&polling).waiting;
  for (strand* const s : waiting) unpark(*s, seam::wake::woken);
  waiting.clear();
}

std::ptrdiff_t world::write(int fd, void const* from, std::size_t size) noexcept {
  if (running_ != nullptr && running_->left_out) return static_cast<std::ptrdiff_t>(size);
  std::ptrdiff_t const n = machine::write(fd, from, size);
  wake_pollers();
  return n;
}

std::ptrdiff_t world::send(int fd, msghdr const* message, int flags) noexcept {
  std::ptrdiff_t const n = machine::send(fd, message, flags);
  wake_pollers();
  return n;
}

seam::process_handle world::start_process(seam::process_plan const&) noexcept {
  errno = ENOSYS;
  return {-1, -1};
}

}  // namespace quartet::detail::sim
