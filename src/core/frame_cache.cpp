// SPDX-License-Identifier: Apache-2.0
// Coroutine frames by size class.
#include <new>

#include <quartet/core/execution.hpp>
#include <quartet/seam/machine.hpp>

namespace quartet::detail {

namespace {
constexpr std::size_t class_of(std::size_t size) noexcept { return (size - 1) / 64; }

void* memory(std::size_t size) {
  if (seam::hooked()) [[unlikely]] {
    if (seam::this_machine().fault(seam::kind::out_of_memory, "", place::here()))
      throw std::bad_alloc();
  }
  return ::operator new(size);
}
}  // namespace

frame_cache::frame_cache() noexcept : most_(seam::simulated() ? 0 : 256) {}

frame_cache::~frame_cache() {
  for (list& l : lists_)
    while (block* b = l.first) {
      l.first = b->next;
      ::operator delete(b);
    }
}

void* frame_cache::take(std::size_t size) {
  std::size_t const c = class_of(size);
  if (c >= classes) return memory(size);
  list& l = lists_[c];
  if (block* b = l.first) {
    l.first = b->next;
    --l.length;
    return b;
  }
  return memory((c + 1) * grain);  // rounded up, so that any cache can take it back
}

void frame_cache::give(void* p, std::size_t size) noexcept {
  std::size_t const c = class_of(size);
  if (c >= classes || lists_[c].length >= most_) {
    ::operator delete(p);
    return;
  }
  list& l = lists_[c];
  l.first = ::new (p) block{l.first};
  ++l.length;
}

void* allocate_frame(std::size_t size) {
  if (execution* e = current_execution()) return e->frames.take(size);
  return memory((class_of(size) + 1) * 64);
}

void free_frame(void* p, std::size_t size) noexcept {
  if (execution* e = current_execution())
    e->frames.give(p, size);
  else
    ::operator delete(p);
}

}  // namespace quartet::detail
