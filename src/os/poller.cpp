// SPDX-License-Identifier: Apache-2.0
// epoll calls; the wait goes through the machine of the calling thread.
#include <algorithm>
#include <cerrno>
#include <string>

#include <quartet/os/error.hpp>
#include <quartet/os/poller.hpp>

namespace quartet::os {

poller::poller() : epoll_(checked(epoll_create1(EPOLL_CLOEXEC), "cannot create a poller")) {}

void poller::control(int operation, int number, interest what, void* tag, char const* verb) {
  epoll_event e{};
  e.events = static_cast<std::uint32_t>(what);
  e.data.ptr = tag;
  if (epoll_ctl(epoll_.get(), operation, number, &e) != 0)
    throw_errno(std::string("cannot ") + verb + " descriptor " + std::to_string(number));
}

void poller::add(int number, interest what, void* tag) {
  control(EPOLL_CTL_ADD, number, what, tag, "watch");
}

void poller::modify(int number, interest what, void* tag) {
  control(EPOLL_CTL_MOD, number, what, tag, "change what is watched of");
}

void poller::remove(int number) {
  control(EPOLL_CTL_DEL, number, interest::none, nullptr, "stop watching");
}

std::size_t poller::wait(std::span<poll_event> into, time_point deadline, place where) {
  static_assert(sizeof(poll_event) == sizeof(epoll_event));
  if (into.empty()) return 0;
  if (seam::hooked()) [[unlikely]]
    seam::announce(seam::kind::poll, this, false, seam::seq_cst, where);
  int const capacity = static_cast<int>(std::min<std::size_t>(into.size(), 1024));
  int const n = seam::this_machine().poll(epoll_.get(), &into.front().raw_, capacity, deadline);
  if (n >= 0) return static_cast<std::size_t>(n);
  if (errno == EINTR) return 0;
  throw_errno("cannot wait in a poller");
}

}  // namespace quartet::os
