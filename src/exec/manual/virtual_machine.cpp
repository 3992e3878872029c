// SPDX-License-Identifier: Apache-2.0
// Handing everything but the time on to the machine around.
#include <utility>

#include <quartet/exec/manual/detail/virtual_machine.hpp>
#include <quartet/seam/context.hpp>

namespace quartet::detail {

// A deadline of a wait that blocks the thread is reached in real time: nobody could advance the
// virtual one meanwhile.
time_point virtual_machine::real(time_point deadline) noexcept {
  if (deadline == never) return never;
  auto const left = deadline - now();
  auto const real_now = around_.now();
  return left > never - real_now ? never : real_now + left;
}

seam::wake virtual_machine::futex_wait(std::uint32_t const* word, std::uint32_t expected,
                                       time_point deadline) noexcept {
  return around_.futex_wait(word, expected, real(deadline));
}
int virtual_machine::poll(int poller, epoll_event* events, int capacity,
                          time_point deadline) noexcept {
  return around_.poll(poller, events, capacity, real(deadline));
}

// The new thread takes the machine of its starter's context over.
seam::thread_handle* virtual_machine::start_thread(void (*body)(void*), void* argument,
                                                   char const* name) {
  struct borrow {
    seam::machine* before;
    ~borrow() { seam::current()->on = before; }
  } const back{std::exchange(seam::current()->on, &around_)};
  return around_.start_thread(body, argument, name);
}

void virtual_machine::futex_wake(std::uint32_t const* word, int count) noexcept {
  around_.futex_wake(word, count);
}
std::uint64_t virtual_machine::entropy() noexcept { return around_.entropy(); }
void virtual_machine::join_thread(seam::thread_handle* t) noexcept { around_.join_thread(t); }
void virtual_machine::yield_thread() noexcept { around_.yield_thread(); }
std::ptrdiff_t virtual_machine::read(int fd, void* to, std::size_t size) noexcept {
  return around_.read(fd, to, size);
}
std::ptrdiff_t virtual_machine::write(int fd, void const* from, std::size_t size) noexcept {
  return around_.write(fd, from, size);
}
std::ptrdiff_t virtual_machine::send(int fd, msghdr const* message, int flags) noexcept {
  return around_.send(fd, message, flags);
}
std::ptrdiff_t virtual_machine::receive(int fd, msghdr* message, int flags) noexcept {
  return around_.receive(fd, message, flags);
}
seam::process_handle virtual_machine::start_process(seam::process_plan const& plan) noexcept {
  return around_.start_process(plan);
}
seam::process_end virtual_machine::wait_process(int pidfd) noexcept {
  return around_.wait_process(pidfd);
}

}  // namespace quartet::detail
