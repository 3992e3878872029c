// SPDX-License-Identifier: Apache-2.0
// Free coroutine frames by size class, one set for each worker: no lock, no malloc when warm.
#pragma once

#include <cstddef>
#include <new>

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

  static constexpr std::size_t grain = 64, classes = 32;

  void* take(std::size_t size) {
    std::size_t const c = class_of(size);
    if (c < classes) {
      list& l = lists_[c];
      if (block* const b = l.first) [[likely]] {
        l.first = b->next;
        --l.length;
        return b;
      }
    }
    return new_block(size);
  }
  void give(void* p, std::size_t size) noexcept {
    std::size_t const c = class_of(size);
    if (c >= classes || lists_[c].length >= most_) [[unlikely]]
      return delete_block(p);
    list& l = lists_[c];
    l.first = ::new (p) block{l.first};
    ++l.length;
  }

  /// Memory for a frame of `size` bytes that any cache can take back.
  static void* new_block(std::size_t size);
  static void delete_block(void* p) noexcept;

 private:
  static constexpr std::size_t class_of(std::size_t size) noexcept { return (size - 1) / grain; }

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

}  // namespace quartet::detail
