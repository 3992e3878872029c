// SPDX-License-Identifier: Apache-2.0
// The life of a submitted call.
#include <quartet/core/detail/after_fork.hpp>
#include <quartet/core/detail/call_record.hpp>
#include <quartet/seam/thread.hpp>

namespace quartet::detail {

call_record::call_record(executor_base& e, std::size_t items, std::size_t more)
    : owner_(&e), left_(items + more), driven_(e.driven()) {
  count = items;
  process_.is_here();
  scope = this;
  account = account_of_call();
}

void call_record::link_to_caller(std::unique_ptr<call_extras> own) noexcept {
  if (task_context* const t = current_task(); t != nullptr && t->scope != nullptr)
    link_to(*t->scope, t->identity());
  extras_ = std::move(own);
  if (extras_ != nullptr) extras_->serve(*this);
}

void call_record::begin() noexcept {
  if (seam::hooked()) [[unlikely]]
    return seam::rarely([this] { begin_as<place>(); });
  begin_as<seam::quiet>();
}

template <class W> void call_record::begin_as() noexcept {
  add_reference_as<W>();
  if (raised() > level) level = raised();
  owner_->count_in();
  if (count == 0)
    finish<W>();
  else if (!pause_gate::any() || !pause_gate::keep(*this)) [[likely]]
    give<W>();
}

// While it may stand in several places the record and its executor are there for each of them.
bool call_record::seek() noexcept {
  add_reference();
  owner_->count_in();
  if (claim_.seek()) return true;
  leave_place();
  return false;
}

void call_record::leave_place() noexcept {
  executor_base& e = *owner_;
  release_outside_tasks();
  e.count_out();
}

bool call_record::withdraw(waiter& w) noexcept {
  waiter* mine = &w;
  return waiter_.compare_exchange(mine, nullptr, seam::acq_rel, seam::acquire);
}

void call_record::raise_while_owned(priority to) noexcept {
  waiter* none = nullptr;
  if (!waiter_.compare_exchange(none, raising(), seam::acq_rel, seam::acquire)) return;  // ended
  will_be_raised();
  waiter* mine = raising();
  if (!waiter_.compare_exchange(mine, nullptr, seam::acq_rel, seam::acquire))
    raised_while_ended_.store(true, seam::release);  // (3)
  raise(to);
  on_raised(to);
}

void call_record::on_raised(priority to) noexcept {
  executor_base& e = *owner_;
  e.raise(*this, to);
  e.count_out();
}

void call_record::block() {
  if (finished()) return;
  if (is_lost()) std::rethrow_exception(left_in_parent());
  struct entry {
    ~entry() { to.end(); }
    wait_entry& to;
  } const at_end{waited};
  if (task_context* const t = current_task()) {
    raise_to(t->current_level());
    if (std::exception_ptr const e = waited.begin(*this, *t)) std::rethrow_exception(e);
  }
  blocking_waiter w(driver());
  if (!await(w)) return;
  try {
    w.wait();
  } catch (...) {  // would_deadlock
    if (!withdraw(w)) w.wait_to_end();
    throw;
  }
}

void call_record::end_now() noexcept {
  if (finished() || is_lost()) return;
  seam::rarely([this] {
    request();
    blocking_waiter w(driver());
    if (await(w)) w.wait_to_end();
  });
}

void call_record::settled(std::size_t n) noexcept {
  if (seam::hooked()) [[unlikely]]
    return seam::rarely([this, n] { settled_as<place>(n); });
  settled_as<seam::quiet>(n);
}

template <class W> void call_record::settled_as(std::size_t n) noexcept {
  if (left_.fetch_sub(n, seam::acq_rel, W::here()) == n) finish<W>();
}
template void call_record::settled_as<place>(std::size_t n) noexcept;
template void call_record::settled_as<seam::quiet>(std::size_t n) noexcept;

template <class W> void call_record::finish() noexcept {
  unlink();
  if (extras_ != nullptr) extras_->detach();
  executor_base& e = *owner_;
  drop_parts();
  if (waiter* const w = waiter_.exchange(ended(), seam::acq_rel, W::here())) {
    if (w == raising()) [[unlikely]]
      while (!raised_while_ended_.load(seam::acquire)) seam::yield_thread();  // (4) sees (3)
    else
      w->resume();
  }
  release_outside_tasks_as<W>();
  e.count_out();
}

template <class W> void call_record::release_outside_tasks_as() noexcept {
  execution* const here = current_execution();
  task_context* const task = here == nullptr ? nullptr : std::exchange(here->task, nullptr);
  release_as<W>();
  if (here != nullptr) here->task = task;
}

void call_record::release_outside_tasks() noexcept { release_outside_tasks_as<place>(); }

}  // namespace quartet::detail
