// SPDX-License-Identifier: Apache-2.0
// Queueing calls, and giving the items of one out.
#include "ready_calls.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <quartet/base/assert.hpp>

namespace quartet::detail::sim {

namespace {
// Tells a range from other calls; the worker runs what the range stands for.
void run_range(work_item&, std::size_t, std::size_t) noexcept {
  QUARTET_ASSERT(false, "a range of items was run as if it were a call");
}
}  // namespace

call_range::call_range(call& c) noexcept
    : whole(c), most(c.workers != 0 ? c.workers : std::numeric_limits<unsigned>::max()) {
  run = &run_range;
  count = c.count;
}

call_range* call_range::of(call& c) noexcept {
  return c.run == &run_range ? static_cast<call_range*>(&c) : nullptr;
}

std::size_t call_range::take_chunk(bool stopped) noexcept {
  std::size_t const first = taken;
  std::size_t const left = count - taken;
  taken += stopped ? left : std::min(left, std::max<std::size_t>(whole.chunk, 1));
  ++running;
  return first;
}

void ready_calls::push(call& c) noexcept {
  c.next = nullptr;
  *end_ = &c;
  end_ = &c.next;
  ++size_;
}

call& ready_calls::take(std::size_t i) noexcept {
  call** at = &first_;
  for (; i != 0; --i) at = &(*at)->next;
  call& c = **at;
  *at = c.next;
  if (end_ == &c.next) end_ = at;
  --size_;
  return c;
}

}  // namespace quartet::detail::sim
