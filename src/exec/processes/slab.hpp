// SPDX-License-Identifier: Apache-2.0
// Shared memory for what is too large for a ring: kept warm, made anew only when it must grow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <quartet/os/memory_file.hpp>

#include "protocol.hpp"

namespace quartet::detail::processes {

/// The side that fills a slab. The other side gets each new memory over the line before the slot
/// that names its generation. One message at a time: the caller waits until the last was read.
/// Threads: belongs to one side. Errors: std::system_error if there is not that much memory.
class slab_out {
 public:
  /// At least `size` bytes; tells the other side about new memory.
  std::span<std::byte> room(std::size_t size, os::packet_socket& line);
  std::uint32_t generation() const noexcept { return generation_; }
  /// The bytes need not stay mapped here: gives back what is too large to keep.
  void used() noexcept;

 private:
  os::memory_file memory_;
  std::uint32_t generation_ = 0;
};

/// The side that reads a slab.
class slab_in {
 public:
  /// New memory has come over the line. Errors: as memory_file.
  void arrived(std::uint32_t generation, os::fd memory);
  bool has(std::uint32_t generation) const noexcept {
    return generation == generation_ && static_cast<bool>(memory_);
  }
  /// Errors: std::runtime_error if there are fewer bytes.
  std::span<std::byte const> bytes(std::size_t size) const;
  void used() noexcept;

 private:
  os::memory_file memory_;
  std::uint32_t generation_ = 0;
};

}  // namespace quartet::detail::processes
