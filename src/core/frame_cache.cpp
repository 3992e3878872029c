// SPDX-License-Identifier: Apache-2.0
// Coroutine frames by size class.
#include <new>

#include <quartet/core/execution.hpp>
#include <quartet/seam/machine.hpp>

namespace quartet::detail {

frame_cache::frame_cache() noexcept : most_(seam::simulated() ? 0 : 256) {}

frame_cache::~frame_cache() {
  for (list& l : lists_)
    while (block* b = l.first) {
      l.first = b->next;
      ::operator delete(b);
    }
}

void* frame_cache::new_block(std::size_t size) {
  if (seam::hooked()) [[unlikely]] {
    if (seam::this_machine().fault(seam::kind::out_of_memory, "", place::here()))
      throw std::bad_alloc();
  }
  return ::operator new((class_of(size) + 1) * grain);
}

void frame_cache::delete_block(void* p) noexcept { ::operator delete(p); }

}  // namespace quartet::detail
