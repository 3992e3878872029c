// SPDX-License-Identifier: Apache-2.0
// Standing in line at a primitive: the one implementation of waiting, for tasks and threads.
//
// A primitive has a `seam::mutex` and one or more lines. A waiter is in a line (linked) or not;
// whoever takes it out, under the mutex, decides how its wait ends and resumes it after the unlock:
// the primitive (`value`), the stop of its scope, or its deadline. So a wait ends in one way only,
// and a stopped wait has taken nothing: no item and no turn is lost.
//
// Between the unlock and the resumption a node is in a `wake_list` and counts as not linked: a stop
// that comes now finds nothing to do. (Were it in another `wait_line`, the stop would take it out
// of there without any lock.) Nobody is resumed under the mutex: the one resumed may destroy the
// primitive at once.
#pragma once

#include <quartet/base/errors.hpp>
#include <quartet/base/intrusive_queue.hpp>
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
  detail::watched<ending> how = ending::value;
  wait_node* next = nullptr;  ///< of its wake_list

  /// After the unlock; the node may be gone then.
  void resume() noexcept { who_->resume(); }

 private:
  waiter* who_;
};

/// Those whose wait has ended with a value; its destructor resumes them, in order. Declare it
/// before the guard of the primitive's mutex, so that it acts after the unlock. Threads: belongs to
/// its block. Stop: comes too late for those inside. Errors: none. Lifetime: on the stack.
class wake_list {
 public:
  wake_list() noexcept = default;
  wake_list(wake_list const&) = delete;
  wake_list& operator=(wake_list const&) = delete;
  ~wake_list() {
    while (wait_node* n = nodes_.pop_front()) n->resume();
  }
  void add(wait_node& n) noexcept { nodes_.push_back(n); }

 private:
  intrusive_queue<wait_node, &wait_node::next> nodes_;
};

/// First-in first-out line of waiters.
/// Threads: guarded by the primitive's mutex. Stop: takes the waiter out of the line.
/// Errors: none. Lifetime: empty when the primitive dies.
class wait_line {
 public:
  bool empty() const noexcept { return nodes_->empty(); }
  wait_node& front() noexcept { return nodes_.write().front(); }
  void add(wait_node& n) noexcept { nodes_.write().push_back(n); }
  void remove(wait_node& n) noexcept { nodes_.write().remove(n); }
  /// The first, its wait ended with a value; null if nobody waits. Resume it after the unlock.
  wait_node* take() noexcept { return nodes_.write().pop_front(); }
  /// Likewise the first, or all.
  bool take(wake_list& woken) noexcept {
    wait_node* const n = take();
    if (n != nullptr) woken.add(*n);
    return n != nullptr;
  }
  void take_all(wake_list& woken) noexcept {
    while (take(woken)) {
    }
  }

 private:
  detail::watched<intrusive_list<wait_node>> nodes_;
};

/// What a primitive offers to those who wait. It is copied until it lies in the waiter's frame;
/// what stands in a `co_await` expression must be trivially destructible (see `line_request`).
///   seam::mutex& guard(); wait_line& line();
///   bool try_now(wake_list&);   under the mutex: takes what is wanted, if it is there
///   void* payload();            what the node carries; the operation lies still from here on
///   void left(wake_list&);      under the mutex: a waiter has gone from the line without its turn
///   void queued();              optional; under the mutex: we stand in line now
///   void note();                optional; tells a machine that listens that we got it
///   result finish(bool);        after the wait: true after a value; throws for closed and the like
/// Whom `try_now` and `left` free by this they put into the wake_list.
template <class O>
concept wait_operation = requires(O o, wake_list& woken) {
  o.guard();
  o.line();
  o.try_now(woken);
  o.payload();
  o.left(woken);
};

namespace detail {

/// What tasks and threads share: node, stop hook, timer of one wait.
template <wait_operation O> class line_wait : stop_hook, timer {
 public:
  line_wait(O o, waiter& w, time_point deadline)
      : stop_hook(&on_stop), timer(&on_time), op(o), node(w, op.payload()) {
    when = deadline;
  }

  /// Takes at once, or fails at once because of a stop; true if there is nothing to wait for.
  bool ready(task_context const* t) noexcept {
    if (t != nullptr && t->stop_requested()) {
      node.how = ending::stopped;
      return true;
    }
    if (!op.guard().lock_quietly()) [[unlikely]]
      return ready_otherwise();
    wake_list woken;
    seam::guard g(op.guard(), seam::adopt());
    return op.try_now(woken);
  }

  /// Stands in line. False: no need to. True: the frame may be gone.
  QUARTET_ON_THE_STACK
  bool enter(stop_state* scope, timer_service* timers) {
    wake_list woken;
    seam::guard g(op.guard());
    if (op.try_now(woken)) {
      g.unlock();
      note();
      return false;
    }
    if (scope != nullptr && !attach(*scope)) {
      node.how = ending::stopped;
      return false;
    }
    if (timers != nullptr && when != never) timers->arm(*this);  // throws: nothing handed over yet
    timers_ = timers;
    stood_ = true;
    op.line().add(node);
    if constexpr (requires { op.queued(); }) op.queued();
    return true;
  }

  /// Steps out of the line, if still there.
  bool leave(ending why) noexcept {
    wake_list woken;
    seam::guard g(op.guard());
    if (!node.linked()) return false;
    op.line().remove(node);
    node.how = why;
    op.left(woken);
    return true;
  }

  /// After the wait. Errors: stopped, timed_out, and what `finish` throws.
  decltype(auto) end() {
    if (stood_) out_of_line();
    if (node.how == ending::stopped) throw stopped();
    return op.finish(node.how == ending::value);
  }

  O op;
  wait_node node;

 private:
  [[gnu::noinline]] bool ready_otherwise() noexcept {
    wake_list woken;
    seam::guard g(op.guard());
    if (!op.try_now(woken)) return false;
    g.unlock();
    note();
    return true;
  }
  [[gnu::noinline]] void out_of_line() noexcept {
    detach();
    if (timers_ != nullptr && when != never) timers_.read()->cancel(*this);
    if (node.how == ending::value) note();
  }
  void note() noexcept {
    if constexpr (requires { op.note(); }) op.note();
  }
  static void on_stop(stop_hook& h, stop_round&) noexcept {
    auto& self = static_cast<line_wait&>(h);
    if (self.leave(ending::stopped)) self.node.resume();
  }
  static void on_time(timer& t) noexcept {
    auto& self = static_cast<line_wait&>(t);
    if (self.leave(ending::timed_out)) self.node.resume();
  }
  watched<timer_service*> timers_ = nullptr;  // where the deadline is armed; null: nowhere
  watched<bool> stood_ = false;               // we have been in line
};

template <wait_operation O> class line_awaiter : public native_awaiter {
 public:
  line_awaiter(O o, time_point deadline) : wait_(o, waiter_, deadline) {}

  bool await_ready() noexcept {
    if (!wait_.ready(current_task())) return false;
    yields_ = must_yield();
    return !yields_;
  }
  template <class P> bool await_suspend(std::coroutine_handle<P> h) {
    task_context& t = detail::leave(h);
    if (yields_) return t.post(h, call::turn::yielded), true;
    waiter_.suspend<seam::quiet>(t, h);
    if (seam::hooked()) [[unlikely]]
      return await_suspend_told(t);
    return wait_.enter(t.scope, &t.executor->timers());
  }
  decltype(auto) await_resume() { return wait_.end(); }

 private:
  [[gnu::noinline]] bool await_suspend_told(task_context& t) {
    waiter_.told(&wait_.op.line());
    try {
      if (wait_.enter(t.scope, &t.executor->timers())) return true;
    } catch (...) {  // no memory for a timer
      waiter_.goes_on();
      throw;
    }
    waiter_.goes_on();
    return false;
  }
  task_waiter waiter_;
  line_wait<O> wait_;
  bool yields_ = false;  // we have what we want, but others come first
};

/// What a verb gives: trivially destructible, because GCC 12 destroys some temporaries of
/// `co_await` expressions twice. `O` may be another type, made of `Want`, when it needs a place for
/// an item.
template <wait_operation O, class Want = O> struct line_request {
  static_assert(std::is_trivially_destructible_v<Want>);
  Want want;
  time_point deadline;
  line_awaiter<O> operator co_await() const { return {O(want), deadline}; }
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
  if (!wait.ready(t) && wait.enter(t == nullptr ? nullptr : t->scope, nullptr)) {
    if (seam::hooked()) [[unlikely]]
      seam::announce(seam::kind::block, &wait.op.line(), false, seam::seq_cst, place::here());
    try {
      if (!w.wait(deadline) && !wait.leave(ending::timed_out)) w.wait();
    } catch (...) {  // would_deadlock
      if (!wait.leave(ending::stopped)) w.wait_to_end();
      throw;
    }
  }
  return wait.end();
}

}  // namespace quartet
