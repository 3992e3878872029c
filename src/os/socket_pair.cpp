// SPDX-License-Identifier: Apache-2.0
// sendmsg and recvmsg with SCM_RIGHTS, through the machine.
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <sys/socket.h>

#include <quartet/os/error.hpp>
#include <quartet/os/socket_pair.hpp>
#include <quartet/seam/machine.hpp>

namespace quartet::os {

namespace {

constexpr std::size_t control_size = CMSG_SPACE(sizeof(int) * packet_socket::max_descriptors);

struct message {  // a msghdr and what it points to
  msghdr header{};
  iovec part{};
  alignas(cmsghdr) char control[control_size] = {};

  message(void* data, std::size_t size) : part{data, size} {
    header.msg_iov = &part;
    header.msg_iovlen = 1;
  }
  message(message const&) = delete;
  message& operator=(message const&) = delete;
};

void attach(message& m, std::span<int const> descriptors) {
  if (descriptors.empty()) return;
  m.header.msg_control = m.control;
  m.header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
  cmsghdr* const c = CMSG_FIRSTHDR(&m.header);
  c->cmsg_level = SOL_SOCKET;
  c->cmsg_type = SCM_RIGHTS;
  c->cmsg_len = CMSG_LEN(descriptors.size_bytes());
  std::memcpy(CMSG_DATA(c), descriptors.data(), descriptors.size_bytes());
}

std::vector<fd> detach(message& m) {
  std::vector<fd> got;
  for (cmsghdr* c = CMSG_FIRSTHDR(&m.header); c != nullptr; c = CMSG_NXTHDR(&m.header, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    std::size_t const count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(c) + i * sizeof(int), sizeof number);
      got.emplace_back(number);
    }
  }
  return got;
}

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

}  // namespace

bool packet_socket::send(std::span<std::byte const> bytes, std::span<int const> descriptors,
                         int flags, place where) {
  if (bytes.empty()) throw std::invalid_argument("an empty message would read as the end");
  if (descriptors.size() > max_descriptors)
    throw std::invalid_argument("a message carries at most 16 descriptors");
  if (seam::hooked()) [[unlikely]]
    seam::announce(seam::kind::transfer, this, true, seam::release, where);
  message m(const_cast<std::byte*>(bytes.data()), bytes.size());
  attach(m, descriptors);
  while (seam::this_machine().send(fd_.get(), &m.header, flags | MSG_NOSIGNAL) < 0) {
    if (errno == EINTR) continue;
    if (errno == ECONNRESET) errno = EPIPE;  // the same, with messages that it had not read
    if (would_block(errno) && (flags & MSG_DONTWAIT) != 0) return false;
    throw_errno("cannot send a message of " + std::to_string(bytes.size()) + " bytes");
  }
  return true;
}

std::optional<packet> packet_socket::receive(std::span<std::byte> into, int flags, place where) {
  if (seam::hooked()) [[unlikely]]
    seam::announce(seam::kind::transfer, this, true, seam::acquire, where);
  message m(into.data(), into.size());
  m.header.msg_control = m.control;
  m.header.msg_controllen = control_size;
  std::ptrdiff_t got;
  do got = seam::this_machine().receive(fd_.get(), &m.header, flags | MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  if (got < 0 && errno == ECONNRESET) return packet{};  // closed with our messages unread
  if (got < 0 && would_block(errno) && (flags & MSG_DONTWAIT) != 0) return std::nullopt;
  if (got < 0) throw_errno("cannot receive a message");
  packet p{static_cast<std::size_t>(got), detach(m)};
  if ((m.header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
    throw_error(EMSGSIZE, "a message received does not fit into " + std::to_string(into.size()) +
                              " bytes and 16 descriptors");
  return p;
}

void packet_socket::blocking_send(std::span<std::byte const> bytes,
                                  std::span<int const> descriptors, place where) {
  send(bytes, descriptors, 0, where);
}

bool packet_socket::try_send(std::span<std::byte const> bytes, std::span<int const> descriptors,
                             place where) {
  return send(bytes, descriptors, MSG_DONTWAIT, where);
}

packet packet_socket::blocking_receive(std::span<std::byte> into, place where) {
  return *receive(into, 0, where);
}

std::optional<packet> packet_socket::try_receive(std::span<std::byte> into, place where) {
  return receive(into, MSG_DONTWAIT, where);
}

socket_pair::socket_pair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    throw_errno("cannot create a pair of sockets");
  first = packet_socket(fd(ends[0]));
  second = packet_socket(fd(ends[1]));
}

}  // namespace quartet::os
