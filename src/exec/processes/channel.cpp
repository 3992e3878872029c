// SPDX-License-Identifier: Apache-2.0
// The parent's end of a channel.
#include "channel.hpp"

#include <algorithm>
#include <new>

#include "shared_futex.hpp"

namespace quartet::detail::processes {

channel::channel()
    : memory_("quartet-channel", sizeof(channel_memory)),
      shared_(::new (memory_.bytes().data()) channel_memory) {}

std::span<std::byte> channel::room() noexcept {
  byte_ring::window const w = requests_.next();
  return {shared_->requests + w.offset, std::min(w.size, inline_max)};
}

std::span<std::byte> channel::room(std::size_t size) noexcept {
  auto const offset = requests_.place(size);
  if (!offset.has_value()) return {};
  return {shared_->requests + *offset, size};
}

std::uint32_t channel::keep(std::size_t size) noexcept {
  return static_cast<std::uint32_t>(*requests_.place(size));
}

void channel::publish(std::uint32_t function, std::uint32_t flags, std::uint32_t where,
                      std::size_t size) {
  slot& s = at(end_);
  s.function = function;
  s.flags = flags;
  s.request_at = where;
  s.request_size = size;
  request_end_[end_ % slot_count] = requests_.position();
  s.state.store(ready, seam::release);  // (1)
  ++end_;
}

void channel::wake() noexcept {
  seam::fence();
  if (shared_->parked.load(seam::relaxed) == 0) return;
  if (shared_->parked.exchange(0, seam::acq_rel) != 0) shared_wake(shared_->parked);
}

bool channel::revoke(std::uint64_t position) noexcept {
  std::uint32_t expected = ready;
  return at(position).state.compare_exchange(expected, revoked, seam::acq_rel, seam::relaxed);
}

std::span<std::byte const> channel::reply(std::uint32_t where, std::uint64_t size) const noexcept {
  if (where > ring_bytes || size > ring_bytes - where) return {};
  return {shared_->replies + where, static_cast<std::size_t>(size)};
}

void channel::pop() noexcept {
  requests_.free_up_to(request_end_[first_ % slot_count]);
  at(first_).state.store(empty, seam::relaxed);
  ++first_;
  shared_->collected.store(static_cast<std::uint32_t>(first_), seam::release);  // (5)
  seam::fence();
  if (shared_->wants_room.load(seam::relaxed) != 0 &&
      shared_->wants_room.exchange(0, seam::acq_rel) != 0)
    shared_wake(shared_->collected);
}

bool channel::has_reply() noexcept {
  if (first_ == end_) return false;
  std::uint32_t const state = at(first_).state.load(seam::acquire);
  return state == done || state == skipped;
}

void channel::may_spin(bool yes) noexcept {
  if (yes == spin_told_) return;
  spin_told_ = yes;
  shared_->may_spin.store(yes ? 1 : 0, seam::relaxed);
}

void channel::close() noexcept {
  shared_->closing.store(1, seam::release);
  wake();
}

}  // namespace quartet::detail::processes
