// SPDX-License-Identifier: Apache-2.0
// Blocks that go round, and the end of the last call.
#include <quartet/core/blocking_group.hpp>
#include <quartet/core/detail/after_fork.hpp>

namespace quartet {

blocking_group::blocking_group(executor_base& e)
    : home_(e), driver_(e.driven() ? &e : nullptr), scope_(new stop_state) {
  link_scope();
  process_.is_here();
  home_.count_in();
}

blocking_group::~blocking_group() {
  stop();
  wait(true);
  scope_->unlink();
  scope_->release();
  home_.count_out();
}

void blocking_group::blocking_join() {
  wait(false);
  bool const was_stopped = stopping();
  if (failure_.read() == nullptr && !was_stopped) return;
  renew_scope();
  if (std::exception_ptr const e = std::exchange(failure_.write(), nullptr))
    std::rethrow_exception(e);
  throw stopped();
}

/// Blocks that came back serve again; if there are none, new ones do.
void blocking_group::refill() {
  free_ = returned_.exchange(nullptr, seam::acquire);
  if (free_ != nullptr) return;
  slabs_.push_back(std::make_unique_for_overwrite<slab>());
  for (std::size_t i = seam::simulated() ? 2 : blocks_at_once; i-- != 0;) {  // few: they go round
    block& b = slabs_.back()->blocks[i];
    b.next = std::exchange(free_, &b);
  }
}

void blocking_group::give_block(block& b) noexcept {
  b.next = returned_.load(seam::relaxed);
  while (!returned_.compare_exchange_weak(b.next.write(), &b, seam::release, seam::relaxed)) {
  }
}

// It may be added to if it stands in the line that `started` counts, and nobody behind it.
void blocking_group::begin_pack(block& b, call& p) noexcept {
  execution const* const here = current_execution();
  bool const stands_in_line =
      level_ == priority::normal && (here == nullptr || here->executor != &home_);
  work_item::run_function const kind = p.run;
  std::uint64_t const before = home_.started();
  begin(p);
  std::uint64_t const after = home_.started();
  open_ = stands_in_line && after == before + 1 ? &b : nullptr;
  open_kind_ = kind;
  open_number_ = after;
}

// The group may be gone once the last one is counted.
void blocking_group::have_ended(std::size_t n) noexcept {
  if (left_.fetch_sub(n, seam::acq_rel) == n) joiner_->resume();
}

void blocking_group::wait(bool to_end) {
  blocking_waiter w(driver_);
  joiner_ = &w;
  std::uint64_t const out = far - std::exchange(spawned_, 0);
  if (left_.fetch_sub(out, seam::acq_rel) != out) {
    try {
      if (driver_ == nullptr && process_.is_elsewhere()) {
        if (to_end) return;
        std::rethrow_exception(detail::left_in_parent());
      }
      to_end ? w.wait_to_end() : void(w.wait());
    } catch (
        ...) {  // would_deadlock, closed: as if we had not begun, unless they have ended meanwhile
      if (left_.fetch_add(out, seam::relaxed) != 0) {
        spawned_ = far - out;
        throw;
      }
      w.wait_to_end();
    }
  }
  left_.store(far, seam::relaxed);
}

void blocking_group::renew_scope() {
  auto* const fresh = new stop_state;
  scope_->unlink();
  scope_->release();
  scope_ = fresh;
  link_scope();
}

void blocking_group::link_scope() noexcept {
  if (task_context* const t = current_task(); t != nullptr && t->scope != nullptr)
    scope_->link_to(*t->scope, t->identity());
}

void blocking_group::keep_thrown() noexcept {
  try {
    throw;
  } catch (stopped const&) {  // no failure
  } catch (...) {
    keep(std::current_exception());
  }
}

void blocking_group::keep(std::exception_ptr e) noexcept {
  {
    seam::guard g(guard_);
    if (failure_.read() == nullptr) failure_ = std::move(e);
  }
  stop();
}

}  // namespace quartet
