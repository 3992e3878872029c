// SPDX-License-Identifier: Apache-2.0
// What all coroutines of one task share: its executor, its scope, its name, and how it resumes.
#pragma once

#include <coroutine>
#include <optional>

#include <quartet/core/call.hpp>
#include <quartet/core/detail/pause_gate.hpp>
#include <quartet/core/execution.hpp>
#include <quartet/core/executor_base.hpp>
#include <quartet/core/stop.hpp>

namespace quartet {

namespace detail {
class fork_frame;
class task_chain;

/// What a task begins with.
/// Threads, stop, errors: not concerned. Lifetime: scope and name outlive the task.
struct root_place {
  executor_base& executor;
  stop_state* scope;
  char const* name;
  place where;
  priority level;
  account_number account;
  task_context* stands_for = nullptr;  // see task_context
};
}  // namespace detail

/// One logical thread of control: a chain of coroutines, or a running plain function.
///
/// Nested awaits do not use symmetric transfer, which GCC 12 does not turn into a tail call at -O0
/// or under sanitizers. A child runs nested in its parent's `await_suspend`; if it ends there, the
/// parent goes on without having suspended. Whoever really suspends first marks the chain above as
/// suspended (`detail::promise_base::leave`). Everything else bounces: a coroutine that ends, or
/// that would nest too deep, leaves a handle in the `base` and returns to the loop in `enter`.
///
/// Threads: run by one thread at a time; `post` from any thread while it is suspended.
/// Stop: `scope` is the innermost scope of the task. Errors: none.
/// Lifetime: in the root frame of the task; outlives every coroutine of its chain.
class task_context {
 public:
  /// The bottom of the stack on which the task runs now.
  struct base {
    // What comes after the present coroutine has returned here: another one, or, then null, ...
    std::coroutine_handle<> next;
    detail::fork_frame* joined = nullptr;  // ... a fork of which a branch has ended,
    bool last_branch = false;              // its last one or another
    execution* on;                         // the thread's
    char const* bottom;                    // of the stack from here on

    base(execution& e, char const* b) noexcept
        : on(&e), bottom(b != nullptr ? b : static_cast<char const*>(__builtin_frame_address(0))) {}
    /// Whether coroutines nest in each other's await_suspend as far down the stack as they may.
    bool deep() const noexcept {
      return bottom - static_cast<char const*>(__builtin_frame_address(0)) > deepest;
    }
    static constexpr std::ptrdiff_t deepest = 16 << 10;  // bytes
  };

  task_context(executor_base& e, stop_state* s, char const* n, place w) noexcept
      : executor(&e), scope(s), name(n), spawned(w) {
    resumption_.run = [](work_item& c, std::size_t, std::size_t) noexcept {
      task_context& t = *static_cast<resumption&>(c).task;
      if (!t.stays_at_gate()) [[likely]]
        t.enter(t.resumption_.handle);
    };
    resumption_.task = this;
  }
  explicit task_context(detail::root_place const& p) noexcept
      : task_context(p.executor, p.scope, p.name, p.where) {
    level = p.level;
    account = p.account;
    stands_for = p.stands_for;
  }
  task_context(task_context const&) = delete;
  task_context& operator=(task_context const&) = delete;

  /// Runs `h`, a coroutine of this task, on the calling thread until the task suspends or ends.
  /// The context may be gone afterwards.
  /// `bottom`: of the stack that counts, where other coroutines of it are below; null: this one.
  void enter(std::coroutine_handle<> h, char const* bottom = nullptr) noexcept;

  /// Has the executor `enter(h)` soon. The task must be suspended.
  void post(std::coroutine_handle<> h, call::turn why = call::turn::resumed) noexcept {
    resumption_.handle = h;
    resumption_.why = why;
    resumption_.level = current_level();
    resumption_.account = account;
    if (!stays_at_gate()) [[likely]]
      executor->start(resumption_);
  }

  /// Whether it is paused, and is started again by whoever resumes it.
  bool stays_at_gate() noexcept {
    return detail::pause_gate::any() && detail::pause_gate::keep(resumption_);
  }
  /// The task that `c` resumes; null: it is the call of a record.
  static task_context* resumed_by(call& c) noexcept {
    return c.scope == nullptr ? static_cast<resumption&>(c).task : nullptr;
  }

  /// The same, told to a machine that listens.
  void post_told(std::coroutine_handle<> h) noexcept;

  /// Its own, or that of whoever waits for it.
  priority current_level() const noexcept {
    return scope == nullptr ? level : higher(level, scope->raised());
  }
  bool stop_requested() const noexcept { return scope != nullptr && scope->requested(); }

  executor_base* executor;  ///< where the task resumes; `hop` changes it
  stop_state* scope;        ///< innermost scope; null: cannot be stopped
  char const* name;         ///< null: unnamed
  place spawned;
  priority level = priority::normal;
  detail::account_number account = 0;  ///< that its calls pay from, too
  /// The task whose fork this is a part of, and which goes on when that has ended; null: none.
  task_context* stands_for = nullptr;
  task_context* identity() noexcept { return stands_for != nullptr ? stands_for : this; }
  unsigned budget = 0;      ///< see set_budget
  base* running = nullptr;  ///< valid while the task runs

 private:
  friend class detail::task_chain;
  struct resumption : call {
    task_context* task = nullptr;
    detail::watched<std::coroutine_handle<>> handle;
  };
  resumption resumption_;  // given to the executor while the task is ready
};

/// Makes a plain function's context the current task for a scope.
/// Threads: belongs to its thread. Stop: not concerned. Errors: none.
/// Lifetime: `t` outlives the scope.
class task_scope {
 public:
  explicit task_scope(task_context& t) noexcept : execution_(current_execution()) {
    if (execution_ != nullptr) before_ = std::exchange(execution_->task, &t);
  }
  task_scope(task_scope const&) = delete;
  task_scope& operator=(task_scope const&) = delete;
  ~task_scope() {
    if (execution_ != nullptr) execution_->task = before_;
  }

 private:
  execution* execution_;
  task_context* before_ = nullptr;
};

namespace detail {
/// The level of a call: that of its options, else that of the running task.
inline priority level_of_call(std::optional<priority> wanted) noexcept {
  if (wanted) return *wanted;
  task_context const* const t = current_task();
  return t == nullptr ? priority::normal : t->current_level();
}
/// Who pays for its turns in the background: whoever pays for the running task.
inline account_number account_of_call() noexcept {
  task_context const* const t = current_task();
  return t == nullptr ? account_number{0} : t->account;
}
}  // namespace detail

/// Whether the running task was asked to stop; false outside tasks. For loops that compute: on a
/// pool whose workers all do, every 64th question of a worker also looks for timeouts that are due.
bool stop_requested() noexcept;

/// Throws `stopped` if the running task was asked to stop.
void checkpoint();

/// How often in a row the running task may find what it waits for without letting others run:
/// after so many the next such wait suspends, behind all that is ready. 0: as its executor's
/// options say. Does nothing outside tasks.
void set_budget(unsigned waits) noexcept;

namespace detail {
/// Whether the running task should suspend although it need not.
inline bool must_yield() noexcept {
  execution* const e = current_execution();
  return e != nullptr && e->task != nullptr && e->must_yield(e->task->current_level());
}
}  // namespace detail

/// The token of the running task's innermost scope; one that never stops outside tasks.
stop_token current_stop_token() noexcept;

}  // namespace quartet
