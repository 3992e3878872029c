// SPDX-License-Identifier: Apache-2.0
// The life of a submitted call.
#include <quartet/core/detail/call_record.hpp>

namespace quartet::detail {

call_record::call_record(executor_base& e, std::size_t items, std::size_t more)
    : owner_(&e), driver_(e.driven() ? &e : nullptr), left_(items + more) {
  count = items;
  scope = this;
}

void call_record::link_to_caller(stop_state* extra) noexcept {
  if (task_context* const t = current_task(); t != nullptr && t->scope != nullptr)
    link_to(*t->scope);
  if (extra != nullptr && !second_.attach(*extra)) request();
}

void call_record::begin() noexcept {
  add_reference();
  owner_->count_in();
  if (count == 0)
    finish();
  else
    owner_->start(*this);
}

bool call_record::await(waiter& w) noexcept {
  waiter* none = nullptr;
  return waiter_.compare_exchange(none, &w, seam::acq_rel, seam::acquire);
}

bool call_record::withdraw(waiter& w) noexcept {
  waiter* mine = &w;
  return waiter_.compare_exchange(mine, nullptr, seam::acq_rel, seam::acquire);
}

void call_record::block() {
  if (finished()) return;
  blocking_waiter w(driver_);
  if (!await(w)) return;
  try {
    w.wait();
  } catch (...) {  // would_deadlock
    if (!withdraw(w)) w.wait_to_end();
    throw;
  }
}

void call_record::end_now() noexcept {
  if (finished()) return;
  request();
  blocking_waiter w(driver_);
  if (await(w)) w.wait_to_end();
}

void call_record::settled(std::size_t n) noexcept {
  if (left_.fetch_sub(n, seam::acq_rel) == n) finish();
}

void call_record::finish() noexcept {
  unlink();
  second_.detach();
  executor_base& e = *owner_;
  drop_parts();
  if (waiter* const w = waiter_.exchange(ended(), seam::acq_rel)) w->resume();
  release_outside_tasks();
  e.count_out();
}

void call_record::release_outside_tasks() noexcept {
  execution* const here = current_execution();
  task_context* const task = here == nullptr ? nullptr : std::exchange(here->task, nullptr);
  release();
  if (here != nullptr) here->task = task;
}

}  // namespace quartet::detail
