// SPDX-License-Identifier: Apache-2.0
// Waiting for many descriptors at once: epoll, through the machine.
#pragma once

#include <cstdint>
#include <span>
#include <sys/epoll.h>

#include <quartet/os/fd.hpp>
#include <quartet/seam/machine.hpp>

namespace quartet::os {

/// What may happen to a descriptor; combined with `|`.
enum class interest : std::uint32_t {
  none = 0,
  readable = EPOLLIN,
  writable = EPOLLOUT,
  peer_closed = EPOLLRDHUP,
  edge = EPOLLET,           ///< report a change once instead of a state again and again
  one_shot = EPOLLONESHOT,  ///< report once, then only after `modify`
};
constexpr interest operator|(interest a, interest b) noexcept {
  return static_cast<interest>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}

/// One thing that happened: filled in by `poller::wait`.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: follows `tag` only with care: the
/// descriptor may have been removed by the handler of an event before it.
class poll_event {
 public:
  void* tag() const noexcept { return raw_.data.ptr; }
  /// Readable, or ended: a read will not block.
  bool readable() const noexcept { return (raw_.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0; }
  /// Writable, or broken: a write will not block.
  bool writable() const noexcept { return (raw_.events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0; }
  bool peer_closed() const noexcept { return (raw_.events & (EPOLLRDHUP | EPOLLHUP)) != 0; }

 private:
  friend class poller;
  epoll_event raw_{};
};

/// An epoll instance.
/// Threads: all members concurrently; `wait` sees what another thread adds meanwhile.
/// Stop: not concerned; ring a `doorbell` that was added. Errors: std::system_error.
/// Lifetime: does not own the descriptors; remove them before they are closed if they have
/// duplicates, else they would stay watched.
class poller {
 public:
  /// Errors: std::system_error if there are too many descriptors.
  poller();

  /// Watches `number`; events of it carry `tag`.
  /// Errors: std::system_error if it is watched already, or not watchable (a regular file).
  void add(int number, interest what, void* tag);
  /// Changes what is watched for. Errors: std::system_error if it is not watched.
  void modify(int number, interest what, void* tag);
  /// Ends watching. Errors: std::system_error if it is not watched.
  void remove(int number);

  /// Waits until something has happened or `deadline`; returns how many of `into` are filled,
  /// 0 at the deadline, after a signal, or if `into` is empty.
  /// Blocks: the thread. Errors: std::system_error.
  std::size_t wait(std::span<poll_event> into, time_point deadline, place where = place::here());

  /// The epoll descriptor: readable while something has happened, so pollers nest.
  int descriptor() const noexcept { return epoll_.get(); }

 private:
  void control(int operation, int number, interest what, void* tag, char const* verb);
  fd epoll_;
};

}  // namespace quartet::os
