// SPDX-License-Identifier: Apache-2.0
// Giving items to a worker, reading its replies and its line.
#include "worker.hpp"

#include <cstring>
#include <errno.h>
#include <signal.h>
#include <stdexcept>
#include <system_error>

#include <quartet/wire/writer.hpp>

#include "supervisor.hpp"

namespace quartet::detail::processes {

worker::line_watch::line_watch(worker& w) noexcept
    : watcher([](watcher& self, os::poll_event) noexcept {
        worker& me = static_cast<line_watch&>(self).owner;
        me.pool.line_ready(me);
      }),
      owner(w) {}

worker::worker(supervisor& s, std::shared_ptr<zygote> from, os::doorbell const& bell)
    : pool(s), watch(*this), zygote_(std::move(from)) {
  os::socket_pair sockets;
  int const send[] = {sockets.second.descriptor(), channel_.descriptor(), bell.descriptor()};
  zygote_->ask({role::worker, 0}, send);
  line_ = std::move(sockets.first);
  pool.loop().watch(line_.descriptor(), os::interest::readable, watch);
}

void worker::learn(std::uint32_t function) {
  if (known_.size() <= function) known_.resize(function + 1);
  known_[function] = true;
}

// Where `size` > 0 bytes that did not fit into `room()` can go; empty if there is none now.
std::span<std::byte> worker::place(std::size_t size, std::uint32_t& flags) {
  if (size <= inline_max) return channel_.room(size);
  if (channel_.first() < slab_until_) return {};
  flags |= in_slab;
  try {
    return requests_.room(size, line_).first(size);
  } catch (std::system_error const& e) {
    if (e.code().value() != EPIPE) throw;  // no memory: the item's own error
    dying_ = true;                         // it has died, and its line will say so
    return {};
  }
}

worker::given worker::give(job& j, std::size_t index) {
  if (!channel_.has_slot()) return given::no_room;
  std::uint32_t const id = j.function.id;
  std::uint32_t flags = knows(id) ? 0U : std::uint32_t{introduces};
  auto const write = [&](wire::writer& out) {
    if ((flags & introduces) != 0) out.bytes(j.function.token.data(), j.function.token.size());
    j.of.remote->encode(j.of, index, out);
  };
  std::span<std::byte> const room = channel_.room();
  wire::writer guess(room);
  write(guess);
  std::size_t const size = guess.size();
  std::uint32_t where = 0;
  if (!guess.overflowed()) {
    where = channel_.keep(size);
  } else {
    std::span<std::byte> const exact = place(size, flags);
    if (exact.empty()) return given::no_room;
    wire::writer again(exact);
    write(again);
    if (again.size() != size)
      throw wire::encode_error("an argument changed its size while it was being sent");
    where = (flags & in_slab) != 0 ? requests_.generation() : channel_.offset_of(exact);
  }
  learn(id);
  if ((flags & in_slab) != 0) slab_until_ = channel_.end() + 1;
  at(channel_.end()) = {&j, index, reason::none};
  channel_.publish(id, flags, where, size);
  if ((flags & in_slab) != 0) requests_.used();
  return given::yes;
}

void worker::kill() noexcept {
  dying_ = true;
  if (process_) try {
      process_.send_signal(SIGKILL);
    } catch (...) {  // only if it may not be signalled: it has become somebody else's
    }
}

std::span<std::byte const> worker::reply(slot const& s) {
  std::uint64_t const size = s.reply_size;
  std::uint32_t const where = s.reply_at;
  if (s.reply_in_slab == 0) {
    auto const there = channel_.reply(where, size);
    if (there.size() != size || size > copy_.size())
      throw std::runtime_error("a worker process wrote a reply that makes no sense");
    std::memcpy(copy_.data(), there.data(), there.size());
    return {copy_.data(), there.size()};
  }
  if (!replies_.has(where)) read_line();
  if (!replies_.has(where))
    throw std::runtime_error("a worker process named shared memory that it never sent");
  return replies_.bytes(static_cast<std::size_t>(size));
}

void worker::read_line() {
  for (;;) {
    line_message m{};
    std::optional<os::packet> p = line_.try_receive(writable_bytes_of(m));
    if (!p.has_value()) return;
    if (p->size != sizeof m || !take(m, *p)) return orphaned();
  }
}

bool worker::take(line_message const& m, os::packet& p) {
  switch (m.what) {
    case notice::started:
      pid_ = static_cast<int>(m.number);
      process_ = os::pidfd(std::move(p.descriptors.at(0)));
      if (dying_) kill();
      return true;
    case notice::exited:
      ended_ = {false, static_cast<int>(m.number)};
      break;
    case notice::killed:
      ended_ = {true, static_cast<int>(m.number)};
      break;
    case notice::not_started:
      fork_error_ = static_cast<int>(m.number);
      ended_ = {false, 0};
      break;
    case notice::slab:
      replies_.arrived(static_cast<std::uint32_t>(m.number), std::move(p.descriptors.at(0)));
      return true;
  }
  return true;
}

// If its start was never told there is nothing to kill; it ends when it finds its channel closed.
void worker::orphaned() noexcept {
  kill();
  channel_.close();
  if (!ended_.has_value()) ended_ = {true, SIGKILL};
}

}  // namespace quartet::detail::processes
