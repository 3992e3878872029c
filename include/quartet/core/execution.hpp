// SPDX-License-Identifier: Apache-2.0
// What a thread of an executor knows of itself while it runs tasks.
#pragma once

#include <quartet/core/call.hpp>
#include <quartet/core/detail/frame_cache.hpp>
#include <quartet/lockfree/deque.hpp>
#include <quartet/lockfree/sleep_word.hpp>
#include <quartet/seam/context.hpp>

namespace quartet {

class executor_base;
class task_context;
namespace detail {
class plain_fork;
}

/// Where this thread is: in which executor, in which task. One for each worker, alive while the
/// thread works for that executor.
/// Threads: belongs to its thread. Stop: not concerned. Errors: none.
/// Lifetime: on the stack of the thread, inside an `execution_scope`.
class execution {
 public:
  explicit execution(executor_base& e) noexcept : executor(&e) {}
  execution(execution const&) = delete;
  execution& operator=(execution const&) = delete;
  virtual ~execution() = default;

  /// The thread is about to block, or has come back: a pool gives its slot away meanwhile.
  virtual void will_block() noexcept {}
  virtual void did_block() noexcept {}
  /// The task asks whether it was stopped, and was not yet: where all threads compute, one of them
  /// has to look at the clock now and then.
  virtual void asked_for_stop() noexcept {}

  /// The thread is about to wait for what other threads of the executor do. Ends the program in the
  /// child of a fork, where there are none.
  virtual void needs_others() noexcept {}

  /// What runs has ended and given `w` back to its executor, and would go on with it. True: it is
  /// the next call here, as if the executor had begun it.
  virtual bool goes_on_with(work_item& w) noexcept { return static_cast<void>(w), false; }

  /// Whether somebody waits here who comes before a task of this level.
  virtual bool gives_way(priority level) noexcept { return static_cast<void>(level), false; }
  /// A task has used up its budget.
  virtual void turn_is_over() noexcept {}

  /// The running task has what it would have waited for, and could go on. True: others come first.
  bool must_yield(priority level) noexcept {
    if (waits_left != 0 && --waits_left == 0) [[unlikely]]
      return turn_is_over(), true;
    if (more_urgent == nullptr) return false;
    if (level != priority::background && more_urgent->load(seam::relaxed, seam::quiet()) == 0)
        [[likely]]
      return false;
    return gives_way(level);
  }

  /// Called when `awake` says so: somebody should come for what lies in `ready`.
  virtual void call_for_help() noexcept {}
  /// There is no `ready`: perhaps it can be had again. True: here it is.
  virtual bool find_place() noexcept { return false; }

  /// Leaves `w` where other threads may take it. False: they could not, keep it.
  bool offer(work_item& w) noexcept {
    if (ready == nullptr || !ready->push(&w)) [[unlikely]]
      return offer_elsewhere(w);
    if (awake->wants_call()) [[unlikely]]
      call_for_help();
    return true;
  }
  /// Takes `w`, offered before, back. False: somebody has it, or it lies deep under newer work.
  bool take_back(work_item& w) noexcept {
    if (ready == nullptr) return false;
    work_item* const last = ready->pop();
    return last == &w || (last != nullptr && dig_out(w, last));
  }
  /// Whether what is offered lies where others take it.
  bool has_place() noexcept {
    if (ready != nullptr) [[likely]]
      return true;
    return find_place();
  }
  /// Whether somebody has nothing to do and nothing lies ready for him here.
  bool is_asked_for_work() noexcept {
    return has_place() && demand->hungry<seam::quiet>() && ready->seems_empty();
  }
  /// While this thread waits for work that others run, and would take a part of that.
  void joins() noexcept {
    if (demand != nullptr) demand->join();
  }
  void joined() noexcept {
    if (demand != nullptr) demand->joined();
  }
  /// The deque that `offer` uses now; null: none.
  lockfree::deque<work_item>* place_of_work() const noexcept { return ready; }

  executor_base* const executor;
  task_context* task = nullptr;                  ///< what runs now; null between tasks
  detail::plain_fork* innermost_fork = nullptr;  ///< in one of whose branches the thread is
  detail::frame_cache frames;
  unsigned budget = 0;      ///< waits that need not suspend in a turn of a task; 0: any number
  unsigned waits_left = 0;  ///< of those, in this turn; 0: any number

 protected:
  lockfree::deque<work_item>* ready = nullptr;  // null: nobody would take anything
  lockfree::sleep_word const* awake = nullptr;  // who has to be woken; null only if `ready` is
  lockfree::sleep_word* demand = nullptr;       // who would like work; null only if `ready` is
  // How many calls above normal wait; null: there are no levels here.
  seam::atomic<std::size_t> const* more_urgent = nullptr;

 private:
  [[gnu::cold]] bool offer_elsewhere(work_item& w) noexcept;
  [[gnu::cold]] bool dig_out(work_item& w, work_item* newest) noexcept;
};

/// The calling thread's execution; null outside executors.
inline execution* current_execution() noexcept {
  seam::context const* const c = seam::current();
  return c == nullptr ? nullptr : static_cast<execution*>(c->execution);
}

/// The task that runs on this thread; null outside tasks.
inline task_context* current_task() noexcept {
  execution* const e = current_execution();
  return e == nullptr ? nullptr : e->task;
}

namespace detail {

/// A frame of `size` bytes from the calling worker's cache, from malloc elsewhere.
inline void* allocate_frame(std::size_t size) {
  if (execution* const e = current_execution()) [[likely]]
    return e->frames.take(size);
  return frame_cache::new_block(size);
}
inline void free_frame(void* p, std::size_t size) noexcept {
  if (execution* const e = current_execution()) [[likely]]
    return e->frames.give(p, size);
  frame_cache::delete_block(p);
}

}  // namespace detail

/// Makes `e` the calling thread's execution for a scope; scopes nest.
/// Threads: belongs to its thread. Stop: not concerned. Errors: none.
/// Lifetime: `e` outlives the scope.
class execution_scope {
 public:
  explicit execution_scope(execution& e) noexcept {
    mine_.identity = seam::thread_identity();
    mine_.execution = &e;
    before_ = seam::exchange_current(&mine_);
    mine_.on = before_ == nullptr ? nullptr : before_->on;
  }
  execution_scope(execution_scope const&) = delete;
  execution_scope& operator=(execution_scope const&) = delete;
  ~execution_scope() { seam::exchange_current(before_); }

 private:
  seam::context mine_;
  seam::context* before_;
};

}  // namespace quartet
