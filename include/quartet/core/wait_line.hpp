// SPDX-License-Identifier: Apache-2.0
// Standing in line at a primitive: the one implementation of waiting, for tasks and threads.
//
// A primitive has a `seam::mutex` and one or more lines. A waiter is in a line (linked) or not;
// whoever takes it out, under the mutex, decides how its wait ends and resumes it after the unlock:
// the primitive (`value`), the stop of its scope, or its deadline. So a wait ends in one way only,
// and a stopped wait has taken nothing: no item and no turn is lost.
#pragma once

#include <quartet/base/errors.hpp>
#include <quartet/base/outcome.hpp>
#include <quartet/core/detail/promise.hpp>
#include <quartet/core/waiter.hpp>

namespace quartet {

/// One who stands in line. `payload` is what the primitive and the waiter hand over: the item of
/// a channel, the number of permits.
/// Threads: guarded by the primitive's mutex while linked. Stop: see wait_line. Errors: none.
/// Lifetime: until resumed.
class wait_node : public list_node {
 public:
  wait_node(waiter& w, void* data) noexcept : payload(data), who_(&w) {}

  void* const payload;
  ending how = ending::value;

  /// After the unlock; the node may be gone then.
  void resume() noexcept { who_->resume(); }

 private:
  waiter* who_;
};

/// First-in first-out line of waiters.
/// Threads: guarded by the primitive's mutex. Stop: takes the waiter out of the line.
/// Errors: none. Lifetime: empty when the primitive dies.
class wait_line {
 public:
  bool empty() const noexcept { return nodes_.empty(); }
  wait_node& front() noexcept { return nodes_.front(); }
  void add(wait_node& n) noexcept { nodes_.push_back(n); }
  void remove(wait_node& n) noexcept { nodes_.remove(n); }
  /// The first, its wait ended with a value; null if nobody waits. Resume it after the unlock.
  wait_node* take() noexcept { return nodes_.pop_front(); }
  /// Everybody, likewise.
  void take_all(wait_line& to) noexcept { to.nodes_.splice_back(nodes_); }
  /// Resumes all; for a line of one's own, filled by take_all, without the lock.
  void resume_all() noexcept {
    while (wait_node* n = take()) n->resume();
  }

 private:
  intrusive_list<wait_node> nodes_;
};

/// What a primitive offers to those who wait. Trivially copyable: a pointer or two.
///   seam::mutex& guard(); wait_line& line();
///   bool try_now();          under the mutex: takes what is wanted, if it is there
///   void* payload();         what the node carries
///   void left();             under the mutex: a waiter has gone from the line without its turn
///   result finish(bool);     after the wait: true after a value; throws for closed and the like
template <class O>
concept wait_operation = requires(O o) {
  o.guard();
  o.line();
  o.try_now();
  o.payload();
  o.left();
};

namespace detail {

/// What tasks and threads share: node, stop hook, timer of one wait.
template <wait_operation O> class line_wait : stop_hook, timer {
 public:
  line_wait(O o, waiter& w, time_point deadline) noexcept
      : stop_hook(&on_stop), timer(&on_time), op(o), node(w, op.payload()) {
    when = deadline;
  }

  /// Takes at once, or fails at once because of a stop; true if there is nothing to wait for.
  bool ready(task_context const* t) noexcept {
    if (t != nullptr && t->stop_requested()) {
      node.how = ending::stopped;
      return true;
    }
    seam::guard g(op.guard());
    return op.try_now();
  }

  /// Stands in line. False: no need to. True: the frame may be gone.
  bool enter(stop_state* scope, timer_service* timers) {
    seam::guard g(op.guard());
    if (op.try_now()) return false;
    if (scope != nullptr && !attach(*scope)) {
      node.how = ending::stopped;
      return false;
    }
    if (timers != nullptr && when != never) {
      timers_ = timers;
      timers_->arm(*this);  // if it throws, nothing has been handed over yet
    }
    op.line().add(node);
    return true;
  }

  /// Steps out of the line, if still there.
  bool leave(ending how) noexcept {
    seam::guard g(op.guard());
    if (!node.linked()) return false;
    op.line().remove(node);
    node.how = how;
    op.left();
    return true;
  }

  /// After the wait. Errors: stopped, timed_out, and what `finish` throws.
  decltype(auto) end() {
    detach();
    if (timers_ != nullptr) timers_->cancel(*this);
    if (node.how == ending::stopped) throw stopped();
    return op.finish(node.how == ending::value);
  }

  O op;
  wait_node node;

 private:
  static void on_stop(stop_hook& h, stop_reason) noexcept {
    auto& self = static_cast<line_wait&>(h);
    if (self.leave(ending::stopped)) self.node.resume();
  }
  static void on_time(timer& t) noexcept {
    auto& self = static_cast<line_wait&>(t);
    if (self.leave(ending::timed_out)) self.node.resume();
  }
  timer_service* timers_ = nullptr;  // null: no timer was armed
};

template <wait_operation O> class line_awaiter : public native_awaiter {
 public:
  line_awaiter(O o, time_point deadline) noexcept : wait_(o, waiter_, deadline) {}

  bool await_ready() noexcept { return wait_.ready(current_task()); }
  template <class P> bool await_suspend(std::coroutine_handle<P> h) {
    task_context& t = detail::leave(h);
    waiter_.suspend(t, h);
    return wait_.enter(t.scope, &t.executor->timers());
  }
  decltype(auto) await_resume() { return wait_.end(); }

 private:
  task_waiter waiter_;
  line_wait<O> wait_;
};

template <wait_operation O> struct line_request {
  O op;
  time_point deadline;
  line_awaiter<O> operator co_await() const noexcept { return {op, deadline}; }
};

}  // namespace detail

/// The awaitable of a primitive's verb: `return wait_in_line(operation{*this});`
template <wait_operation O>
detail::line_request<O> wait_in_line(O op, time_point deadline = never) noexcept {
  return {op, deadline};
}

/// The same for a thread. Blocks: the thread; `driver`, if given, is driven meanwhile should it
/// need that. Stop: that of the running task, if there is one.
template <wait_operation O>
decltype(auto) block_in_line(O op, time_point deadline = never, executor_base* driver = nullptr) {
  blocking_waiter w(driver);
  detail::line_wait<O> wait(op, w, deadline);
  task_context* const t = current_task();
  if (!wait.ready(t) && wait.enter(t == nullptr ? nullptr : t->scope, nullptr))
    if (!w.wait(deadline) && !wait.leave(ending::timed_out)) w.wait();
  return wait.end();
}

}  // namespace quartet
