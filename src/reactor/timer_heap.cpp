// SPDX-License-Identifier: Apache-2.0
// The heap of timers.
#include <algorithm>

#include <quartet/base/assert.hpp>
#include <quartet/reactor/detail/timer_heap.hpp>

namespace quartet::detail {

namespace {
bool before(timer const& a, timer const& b) noexcept {
  return a.when != b.when ? a.when < b.when : a.sequence < b.sequence;
}
}  // namespace

void timer_heap::put(std::size_t at, timer& t) noexcept {
  heap_[at] = &t;
  t.slot = at + 1;
}

void timer_heap::up(std::size_t at, timer& t) noexcept {
  while (at > 0) {
    std::size_t const parent = (at - 1) / width;
    if (!before(t, *heap_[parent])) break;
    put(at, *heap_[parent]);
    at = parent;
  }
  put(at, t);
}

void timer_heap::down(std::size_t at, timer& t) noexcept {
  for (;;) {
    std::size_t const begin = at * width + 1;
    if (begin >= heap_.size()) break;
    std::size_t const end = std::min(begin + width, heap_.size());
    std::size_t least = begin;
    for (std::size_t i = begin + 1; i < end; ++i)
      if (before(*heap_[i], *heap_[least])) least = i;
    if (!before(*heap_[least], t)) break;
    put(at, *heap_[least]);
    at = least;
  }
  put(at, t);
}

void timer_heap::push(timer& t) {
  QUARTET_ASSERT(t.slot == 0, "a timer was armed twice; cancel it first");
  heap_.push_back(&t);
  t.sequence = next_sequence_++;
  up(heap_.size() - 1, t);
}

bool timer_heap::remove(timer& t) noexcept {
  if (t.slot == 0) return false;
  std::size_t const at = t.slot - 1;
  QUARTET_ASSERT(at < heap_.size() && heap_[at] == &t,
                 "a timer was cancelled at a service where it was not armed");
  t.slot = 0;
  timer& last = *heap_.back();
  heap_.pop_back();
  if (&last == &t) return true;
  if (at > 0 && before(last, *heap_[(at - 1) / width]))
    up(at, last);
  else
    down(at, last);
  return true;
}

timer* timer_heap::pop_due(time_point now) noexcept {
  if (heap_.empty() || heap_.front()->when > now) return nullptr;
  timer* const t = heap_.front();
  remove(*t);
  return t;
}

}  // namespace quartet::detail
