// SPDX-License-Identifier: Apache-2.0
// The parent's end of a channel: publishes requests, looks at replies. layout.hpp has the protocol.
#pragma once

#include <array>
#include <span>

#include <quartet/os/memory_file.hpp>

#include "byte_ring.hpp"
#include "layout.hpp"

namespace quartet::detail::processes {

/// Positions count all slots ever used. What the worker writes is not trusted: indices stay in
/// range whatever it writes.
/// Threads: guarded by the seat of the pool. Errors: std::system_error when made.
class channel {
 public:
  channel();

  int descriptor() const noexcept { return memory_.descriptor(); }
  std::uint64_t first() const noexcept { return first_; }
  std::uint64_t end() const noexcept { return end_; }
  std::size_t used() const noexcept { return static_cast<std::size_t>(end_ - first_); }
  bool has_slot() const noexcept { return used() < slot_count; }
  slot& at(std::uint64_t position) noexcept { return shared_->slots[position % slot_count]; }

  /// Where the next request may be written without knowing its size.
  std::span<std::byte> room() noexcept;
  /// Room for exactly `size` bytes; empty if there is none now. For `size` 0 use `room`.
  std::span<std::byte> room(std::size_t size) noexcept;
  /// Where `size` bytes written into `room()` stand. They are taken now.
  std::uint32_t keep(std::size_t size) noexcept;
  std::uint32_t offset_of(std::span<std::byte> room) const noexcept {
    return static_cast<std::uint32_t>(room.data() - shared_->requests);
  }

  /// Makes a request visible to the worker; `wake` later.
  void publish(std::uint32_t function, std::uint32_t flags, std::uint32_t at, std::size_t size);
  void wake() noexcept;
  /// Takes a request back that has not begun. False: it has.
  bool revoke(std::uint64_t position) noexcept;

  /// The bytes of a reply in the ring; empty span if the worker wrote nonsense.
  std::span<std::byte const> reply(std::uint32_t at, std::uint64_t size) const noexcept;
  /// The first slot was looked at.
  void pop() noexcept;

  void arm(bool on) noexcept { shared_->armed.store(on ? 1 : 0, seam::relaxed); }
  bool has_reply() noexcept;
  bool alive() const noexcept { return shared_->alive.load(seam::acquire) != 0; }
  void may_spin(bool yes) noexcept;
  void close() noexcept;

 private:
  os::memory_file memory_;
  channel_memory* shared_;
  byte_ring requests_{ring_bytes};
  std::uint64_t first_ = 0;  // the oldest slot in use
  std::uint64_t end_ = 0;    // one behind the newest
  bool spin_told_ = false;
  std::array<std::uint64_t, slot_count> request_end_{};
};

}  // namespace quartet::detail::processes
