// SPDX-License-Identifier: Apache-2.0
// Free coroutine frames by size class, one set for each worker: no lock, no malloc when warm.
#pragma once

#include <cstddef>

namespace quartet::detail {

/// Lists of free blocks of 64, 128, … 2048 bytes. A frame goes to the list of the thread that
/// frees it, whichever made it; each list is bounded, what is above goes back to malloc.
/// Threads: belongs to its execution. Stop: not concerned. Errors: bad_alloc.
/// Lifetime: frees what it holds.
class frame_cache {
 public:
  frame_cache() noexcept;
  frame_cache(frame_cache const&) = delete;
  frame_cache& operator=(frame_cache const&) = delete;
  ~frame_cache();

  void* take(std::size_t size);
  void give(void* p, std::size_t size) noexcept;

 private:
  static constexpr std::size_t grain = 64, classes = 32;
  struct block {
    block* next;
  };
  struct list {
    block* first = nullptr;
    std::size_t length = 0;
  };
  std::size_t const most_;  // blocks in one list; on a simulated machine none: there each frame
                            // asks for memory, which may be refused
  list lists_[classes];     // lists_[i]: blocks of (i + 1) * grain bytes
};

/// A frame of `size` bytes from the calling worker's cache, from malloc elsewhere.
void* allocate_frame(std::size_t size);
void free_frame(void* p, std::size_t size) noexcept;

}  // namespace quartet::detail
