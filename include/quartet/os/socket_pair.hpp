// SPDX-License-Identifier: Apache-2.0
// Messages with descriptors between processes of one machine: a pair of sequenced-packet sockets.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include <quartet/base/place.hpp>
#include <quartet/os/fd.hpp>

namespace quartet::os {

/// One message as it arrived.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: owns the descriptors.
struct packet {
  std::size_t size = 0;         ///< bytes written into the buffer; 0: the other side is closed
  std::vector<fd> descriptors;  ///< in the order in which they were sent
  bool closed() const noexcept { return size == 0; }
};

/// One end of a pair. Messages keep their borders and their order, arrive whole or not at all.
/// Threads: all members concurrently; each message goes to one receiver.
/// Stop: close the other end. Errors: std::system_error. Lifetime: owns its descriptor.
class packet_socket {
 public:
  static constexpr std::size_t max_descriptors = 16;  ///< in one message

  packet_socket() noexcept = default;
  /// Takes a sequenced-packet socket over, for example one kept across exec.
  explicit packet_socket(fd owned) noexcept : fd_(static_cast<fd&&>(owned)) {}

  int descriptor() const noexcept { return fd_.get(); }
  explicit operator bool() const noexcept { return static_cast<bool>(fd_); }
  void close() noexcept { fd_.reset(); }

  /// Sends one message of at least one byte; the caller keeps its own `descriptors`.
  /// Blocks: the thread, while the other side's queue is full.
  /// Errors: std::system_error (EPIPE: the other end is closed; EMSGSIZE: too long);
  /// std::invalid_argument for an empty message or too many descriptors.
  void blocking_send(std::span<std::byte const> bytes, std::span<int const> descriptors = {},
                     place where = place::here());
  /// The same at once; false if the queue is full. Blocks: never.
  bool try_send(std::span<std::byte const> bytes, std::span<int const> descriptors = {},
                place where = place::here());

  /// Receives one message into `into`. Blocks: the thread, until there is one or the end.
  /// Errors: std::system_error (EMSGSIZE: `into` is too small; the message is gone).
  packet blocking_receive(std::span<std::byte> into, place where = place::here());
  /// The same at once; nothing if no message waits. Blocks: never.
  std::optional<packet> try_receive(std::span<std::byte> into, place where = place::here());

 private:
  bool send(std::span<std::byte const>, std::span<int const>, int flags, place where);
  std::optional<packet> receive(std::span<std::byte>, int flags, place where);
  fd fd_;
};

/// Both ends of a new pair, closed on exec.
/// Threads: a value. Stop: not concerned. Errors: std::system_error if there are too many
/// descriptors. Lifetime: owns both ends.
struct socket_pair {
  packet_socket first;
  packet_socket second;
  socket_pair();
};

}  // namespace quartet::os
