// SPDX-License-Identifier: Apache-2.0
// The messages between a program, its zygote and its workers.
//
// The program asks the zygote over one socket, from any thread; each request brings its own line, a
// second socket, over which the zygote tells what became of it. Nothing has to be sorted out
// between pools, and a request needs no answer before the next one. The zygote's end of the line is
// shared with the worker, which sends its slabs on it and receives those of the program.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include <quartet/os/socket_pair.hpp>

namespace quartet::detail::processes {

/// The first message to a zygote: it must equal what stands in its environment.
using secret = std::array<std::byte, 16>;

enum class role : std::uint32_t {
  worker,  // descriptors: line, channel memory, doorbell
  once,    // descriptors: line, memory with the call; number: its size
  quit,    // no descriptors: end all workers, then yourself
};

struct request {
  role what;
  std::uint64_t number;
};

enum class notice : std::uint32_t {
  started,      // number: pid; descriptor: pidfd
  exited,       // number: exit code
  killed,       // number: signal
  not_started,  // number: errno of fork
  slab,         // number: generation; descriptor: memory
};

struct line_message {
  notice what;
  std::int64_t number;
};

template <class T> std::span<std::byte const> bytes_of(T const& x) noexcept {
  return std::as_bytes(std::span(&x, 1));
}
template <class T> std::span<std::byte> writable_bytes_of(T& x) noexcept {
  return std::as_writable_bytes(std::span(&x, 1));
}

}  // namespace quartet::detail::processes
