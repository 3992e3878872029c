// SPDX-License-Identifier: Apache-2.0
// The signpost to a call that lies in a deque.
#include "second_place.hpp"

#include <new>

#include <quartet/core/detail/call_record.hpp>
#include <quartet/core/detail/frame_cache.hpp>

namespace quartet::detail::pool {

namespace {

struct signpost : call {
  explicit signpost(call_record& r) noexcept : to(r) {
    run = [](work_item& c, std::size_t, std::size_t) noexcept {
      call_record& record = take(c);
      record.run(record, 0, 1);
    };
    fail = [](call& c, std::size_t, std::size_t, ending, std::exception_ptr) noexcept {
      take(c).leave_place();  // who holds the deque runs it
    };
  }
  /// Where it points to; the signpost is gone.
  static call_record& take(work_item& c) noexcept {
    auto* const p = static_cast<signpost*>(&c);
    call_record& record = p->to;
    p->~signpost();
    free_frame(p, sizeof(signpost));
    return record;
  }

  call_record& to;
};

}  // namespace

call* second_place(call& c, priority to) noexcept {
  call_record* const record = c.count == 1 && c.scope != nullptr ? c.scope->as_call() : nullptr;
  if (record == nullptr || !record->waits_below(to)) return nullptr;
  try {
    void* const memory = allocate_frame(sizeof(signpost));
    if (record->seek()) return ::new (memory) signpost(*record);
    free_frame(memory, sizeof(signpost));
  } catch (std::bad_alloc const&) {  // a raise may do nothing
  }
  return nullptr;
}

}  // namespace quartet::detail::pool
