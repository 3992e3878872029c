// SPDX-License-Identifier: Apache-2.0
// The ways of a plain fork that are not the common one: the rest was taken.
#include <quartet/core/detail/plain_fork.hpp>
#include <quartet/seam/thread.hpp>

namespace quartet::detail {

void plain_fork::run_rest(work_item& w, std::size_t, std::size_t) noexcept {
  auto& self = static_cast<plain_fork&>(w);
  execution& e = *current_execution();
  ++self.stolen_;
  self.taken_by_.store(e.place_of_work(), seam::release);
  if (self.task_ == nullptr) return self.run_line(e);
  task_context& from = *self.task_;
  task_context t(root_place{*from.executor, self.scope_, from.name, from.spawned, from.level,
                            from.account, from.identity()});
  task_scope inside(t);
  self.run_line(e);
}

/// Runs the rest on this thread, until somebody takes what is left of it.
void plain_fork::run_line(execution& e) noexcept {
  plain_fork* const before = std::exchange(e.innermost_fork, this);
  bool last = false;
  do {
    unsigned const i = next_;
    last = i + 1 == branches_;
    next_ = i + 1;
    bool const offered = !last && offer(e, i + 1);
    run_branch(i);
    if (offered && !e.take_back(*this)) break;
  } while (!last);
  e.innermost_fork = before;
  if (last ? main_is_last_in() : is_last_in()) tell();
}

/// Everybody is in: the forking thread, and this frame with it, may go on before we return.
void plain_fork::tell() noexcept {
  if (all_in_.exchange(in, seam::acq_rel) == asleep) seam::futex_wake(all_in_, 1);
}

void plain_fork::wait() noexcept {
  thread_.joins();
  bool const all_in = help_out();
  thread_.joined();
  if (!all_in) sleep();
}

/// Runs parts of the rest until all are in. False: there have been none for a while.
bool plain_fork::help_out() noexcept {
  constexpr unsigned looks = 200;
  for (unsigned i = 0; all_in_.load(seam::acquire) != in; ++i) {
    if (help())
      i = 0;
    else if (i == looks || seam::simulated())
      return false;
    seam::pause();
  }
  return true;
}

void plain_fork::sleep() noexcept {
  thread_.needs_others();
  thread_.will_block();
  std::uint32_t now = out;
  all_in_.compare_exchange(now, asleep, seam::relaxed, seam::relaxed);
  while (all_in_.load(seam::acquire) != in) seam::futex_wait(all_in_, asleep);
  thread_.did_block();
}

/// Runs one item below our fork, if the worker that took the rest has one to give.
bool plain_fork::help() noexcept {
  auto* const there = taken_by_.load(seam::acquire);
  auto* const own = thread_.place_of_work();
  if (there == nullptr || own == nullptr || there == own || !own->has_room()) return false;
  work_item* const w = there->steal().item;
  if (w == nullptr) return false;
  if (w->run == &run_rest && static_cast<plain_fork*>(w)->is_below(*this)) {
    run_rest(*w, 0, 1);
    return true;
  }
  thread_.offer(*w);  // to anybody but us
  return false;
}

bool plain_fork::is_below(plain_fork const& other) const noexcept {
  for (plain_fork const* f = above_; f != nullptr; f = f->above_)
    if (f == &other) return true;
  return false;
}

}  // namespace quartet::detail
