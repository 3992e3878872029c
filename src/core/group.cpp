// SPDX-License-Identifier: Apache-2.0
// Counting a group's tasks, keeping their failures, applying the policy.
//
// The group may be gone as soon as running_ is 0 and guard_ is free: `end_child` takes the joiner
// out under the lock and touches nothing of the group afterwards.
#include <quartet/core/group.hpp>

namespace quartet {

group::group(group_options o, task_context& opener)
    : options_(o),
      opener_(opener),
      home_(*opener.executor),
      pays_(o.share),
      outer_account_(opener.account),
      scope_(new stop_state),
      outer_(opener.scope) {
  try {
    failures_.write().reserve(1);  // of the body
  } catch (...) {
    scope_->release();
    throw;
  }
  scope_->opened_by(*opener_.identity());
  if (outer_ != nullptr) scope_->link_to(*outer_, opener_.identity());
  opener_.scope = scope_;
  opener_.account = account();
}

group::~group() {
  QUARTET_ASSERT(running_ == 0, "a group was destroyed while its tasks were running");
  opener_.scope = outer_;
  opener_.account = outer_account_;
  resume();  // what it was paused for has ended, but calls of its tasks may have outlived them
  scope_->unlink();
  scope_->release();
}

std::size_t group::total() const noexcept {
  seam::guard g(guard_);
  return total_;
}
std::size_t group::running() const noexcept {
  seam::guard g(guard_);
  return running_;
}
std::size_t group::failed() const noexcept {
  seam::guard g(guard_);
  return failures_->size();
}

detail::root_place group::begin_child(spawn_options const& o) {
  seam::guard g(guard_);
  // Room for a failure of each task that runs, and of the body: keeping one must not fail.
  std::size_t const room = failures_->size() + running_ + 2;
  if (failures_->capacity() < room) failures_.write().reserve(2 * room);
  ++total_;
  ++running_;
  g.unlock();
  if (options_.progress != nullptr) options_.progress->on_added(1);
  return {home_, scope_, nullptr, o.where, detail::level_of_call(o.level), account()};
}

ending group::take_throw(std::string name, place where) noexcept {
  try {
    throw;
  } catch (stopped const&) {
    return ending::stopped;
  } catch (...) {
    seam::guard g(guard_);
    failures_.write().push_back({std::current_exception(), std::move(name), where});
  }
  if (options_.policy == group_policy::fail_fast) scope_->request();
  return ending::failed;
}

void group::end_child(ending how) noexcept {
  if (options_.progress != nullptr) options_.progress->on_ended(how);
  if (how == ending::value && options_.policy == group_policy::first_success) scope_->request();
  seam::guard g(guard_);
  if (how == ending::value) ++succeeded_;
  if (--running_ != 0) return;
  waiter* const w = std::exchange(joiner_, nullptr);
  g.unlock();
  if (w != nullptr) w->resume();
}

void group::conclude() {
  if (options_.report != nullptr) options_.report->failures = failures_.read();
  bool const any = !failures_->empty();
  switch (options_.policy) {
    case group_policy::fail_fast:
      if (any) std::rethrow_exception(failures_->front().error);
      break;
    case group_policy::collect_all:
      if (any) throw group_error(std::move(failures_.write()));
      break;
    case group_policy::first_success:
      if (any && succeeded_ == 0) throw group_error(std::move(failures_.write()));
      break;
    case group_policy::supervise:
      break;
  }
  if (outer_ != nullptr && outer_->requested()) throw stopped();
}

namespace {
task_context& opening_task() {
  task_context* const t = current_task();
  QUARTET_ASSERT(t != nullptr, "with_group runs inside a task: loop.run(f), submit(f) or spawn(f)");
  return *t;
}
}  // namespace

group_frame::group_frame(group_options o) : group_(o, opening_task()) {}

void group_frame::body_threw() noexcept {
  if (group_.take_throw("group body", {}) != ending::stopped) return;
  body_stopped_ = !group_.stopping();
  if (body_stopped_) group_.stop();  // its tasks may wait for what the body would have done
}

// With the guard held.
bool detail::group_join::register_here() noexcept {
  seam::guard const lock(g.guard_, seam::adopt());
  if (g.running_ == 0) return false;
  g.joiner_ = &waiting;
  return true;
}

bool detail::group_join::register_joiner() noexcept {
  if (!g.guard_.lock_quietly()) [[unlikely]]
    return seam::rarely([this] {
      waiting.told();
      g.guard_.lock();
      bool const stays = register_here();
      if (!stays) waiting.goes_on();
      return stays;
    });
  return register_here();
}

}  // namespace quartet
