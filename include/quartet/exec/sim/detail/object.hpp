// SPDX-License-Identifier: Apache-2.0
// What a run knows of each thing that threads synchronise by.
#pragma once

#include <cstdint>
#include <vector>

#include <quartet/exec/sim/detail/address_table.hpp>
#include <quartet/exec/sim/detail/vector_clock.hpp>

namespace quartet::detail::sim {

struct strand;

/// An atomic, a mutex, a futex word, a thread: something that operations name.
/// Threads: belongs to its world. Stop: not concerned. Errors: none.
/// Lifetime: of one run; its memory serves the next.
struct object {
  void const* address = nullptr;
  unsigned id = 0;               // in the order in which they were first named
  unsigned wanted = 0;           // by so many threads that are ready, to lock it
  std::uint64_t written = 0;     // digest of the writes so far and of the reads between them
  std::uint64_t looked = 0;      // of the reads since the last write, in whatever order
  strand* holder = nullptr;      // of a locked mutex
  vector_clock released;         // what an acquire operation comes to know
  std::vector<strand*> waiting;  // parked here, in the order of their coming

  void reset(void const* at, unsigned number) noexcept {
    address = at;
    id = number;
    wanted = 0;
    written = 0;
    looked = 0;
    holder = nullptr;
    released.clear();
    waiting.clear();
  }
};

using object_table = address_table<object>;

}  // namespace quartet::detail::sim
