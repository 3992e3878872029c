// SPDX-License-Identifier: Apache-2.0
// Groups: tasks that belong together, joined before the group ends.
#pragma once

#include <optional>
#include <string_view>

#include <quartet/base/invoke.hpp>
#include <quartet/core/callable.hpp>
#include <quartet/core/detail/root.hpp>
#include <quartet/core/detail/stored_call.hpp>
#include <quartet/core/group_error.hpp>
#include <quartet/core/observer.hpp>
#include <quartet/core/waiter.hpp>

namespace quartet {

/// What the failure, or the success, of one task means for its siblings.
enum class group_policy : unsigned char {
  fail_fast,      ///< the first failure stops the siblings and is thrown, with its own type
  collect_all,    ///< all run to their end; failures are thrown together as `group_error`
  first_success,  ///< the first success stops the siblings; `group_error` if there is none
  supervise,      ///< failures are kept in the report and thrown nowhere
};

/// Every failure of a group, also those that `fail_fast` does not throw.
struct group_report {
  std::vector<failure> failures;  ///< in the order in which they happened
};

struct group_options {
  group_policy policy = group_policy::fail_fast;
  group_report* report = nullptr;  ///< filled when the group ends; outlives it
  observer* progress = nullptr;    ///< outlives the group
  /// Of the time that a pool's workers have for the background, beside other groups with a share,
  /// and all that has none together, which counts as 100: with 300 the group's tasks, and what they
  /// submit, get three times as much as those, while all have something to run. 1 to 10'000; 0:
  /// whatever the group's opener pays from. Looked at by thread_pool, for `priority::background`.
  unsigned share = 0;
};
static_assert(std::is_trivially_destructible_v<group_options>);

struct spawn_options {
  std::string_view name = {};
  std::optional<priority> level = {};  ///< none: that of the running task
  place where = place::here();
};
static_assert(std::is_trivially_destructible_v<spawn_options>);

namespace detail {
/// Joins the group at the end of `with_group`.
struct group_join;
template <class F>
concept not_spawn_options = !std::same_as<std::remove_cvref_t<F>, spawn_options>;
}  // namespace detail

/// A set of running tasks that ends when the last of them has. Made by `with_group`.
/// Threads: `spawn`, `stop`, `pause`, `resume` and the counters from any task of the group.
/// Stop: is a scope below that of the task that opened it; `stop` ends all its tasks.
/// Errors: see group_policy. Lifetime: given by reference to the body; every task spawned in it
/// has ended before `with_group` returns, so tasks may use what lives around it.
class group {
 public:
  group(group const&) = delete;
  group& operator=(group const&) = delete;

  /// Starts `f(args...)`, a plain or coroutine function, as a task of this group, on the executor
  /// of the task that opened it. Callable and arguments are moved into the task.
  template <detail::not_spawn_options F, class... A> void spawn(F&& f, A&&... args) {
    if constexpr (detail::check_callable<F, A...>())
      start_child({.where = {}}, std::forward<F>(f), std::forward<A>(args)...);
  }
  template <class F, class... A> void spawn(spawn_options o, F&& f, A&&... args) {
    if constexpr (detail::check_callable<F, A...>())
      start_child(o, std::forward<F>(f), std::forward<A>(args)...);
  }

  // For an overloaded function that does not say which.
  template <detail::unclear F = detail::this_names_several_functions, class... A>
  void spawn(F f, A&&... args);
  template <detail::unclear F = detail::this_names_several_functions, class... A>
  void spawn(spawn_options o, F f, A&&... args);

  /// Asks every task of the group to stop; also from inside one of them.
  void stop() noexcept { scope_->request(); }
  bool stopping() const noexcept { return scope_->requested(); }

  /// Until `resume` no task of the group begins, and none goes on that has suspended; nor do calls
  /// begin that they submit from now on. What runs goes on until it suspends, and so does the body,
  /// which may resume. A stop resumes for good; the group does not end while it is paused. What is
  /// shielded, and calls of a blocking_group, are not kept. Errors: bad_alloc.
  void pause() { scope_->make_gate().close(); }
  /// What stayed goes on, in the order in which it came.
  void resume() noexcept {
    if (detail::pause_gate* const gate = scope_->gate()) gate->open();
  }

  std::size_t total() const noexcept;    ///< tasks spawned so far
  std::size_t running() const noexcept;  ///< tasks not ended
  std::size_t failed() const noexcept;

 private:
  friend struct detail::group_join;
  friend class group_frame;

  group(group_options o, task_context& opener);
  ~group();

  template <class F, class... A> static detail::root child(detail::root_place, group& g,
                                                           std::string name, place where,
                                                           detail::stored_call<F, A...> stored) {
    ending how = ending::value;
    if (!name.empty()) current_task()->name = name.c_str();  // as long as this frame lives
    try {
      if constexpr (is_coroutine_call<F, A...>)
        co_await stored.invoke();
      else
        stored.invoke();
    } catch (...) {
      how = g.take_throw(std::move(name), where);
    }
    stored.drop();
    g.end_child(how);
  }

  template <class F, class... A> void start_child(spawn_options const& o, F&& f, A&&... args) {
    auto const p = begin_child(o);
    try {
      using stored = detail::stored_call<std::decay_t<F>, std::decay_t<A>...>;
      child(p, *this, std::string(o.name), o.where,
            stored(std::forward<F>(f), std::forward<A>(args)...))
          .post();
    } catch (...) {
      end_child(ending::stopped);
      throw;
    }
  }
  detail::root_place begin_child(spawn_options const& o);
  /// From which its tasks pay.
  detail::account_number account() const noexcept {
    return pays_.number() != 0 ? pays_.number() : outer_account_;
  }
  /// Inside a handler: keeps the failure, applies the policy.
  ending take_throw(std::string name, place where) noexcept;
  void end_child(ending how) noexcept;
  /// After the join: throws what the policy says.
  void conclude();

  group_options const options_;
  task_context& opener_;
  executor_base& home_;  // the opener's when it opened; it may hop while others spawn
  detail::share_account const pays_;
  detail::account_number const outer_account_;  // that the opener paid from before
  stop_state* const scope_;
  stop_state* const outer_;    // the opener's scope before; may be null
  mutable seam::mutex guard_;  // guards the fields below
  detail::watched<std::size_t> total_ = 0;
  detail::watched<std::size_t> running_ = 0;
  detail::watched<std::size_t> succeeded_ = 0;
  detail::watched<std::vector<failure>> failures_;
  detail::watched<waiter*> joiner_ = nullptr;  // waits for running_ == 0
};

/// Opens and closes a group around a body; the body of `with_group`.
class group_frame {
 public:
  explicit group_frame(group_options o);
  group_frame(group_frame const&) = delete;
  ~group_frame() = default;

  group& get() noexcept { return group_; }
  /// In a handler: the body failed; it counts as a task of the group.
  void body_threw() noexcept;
  auto join() noexcept;
  /// After the join. Errors: what the policy says; stopped, if the body ended so and nobody had
  /// stopped the group, as when it awaited a call that was stopped.
  void conclude() {
    group_.conclude();
    if (body_stopped_) throw stopped();
  }

 private:
  group group_;
  bool body_stopped_ = false;
};

namespace detail {

struct group_join : native_awaiter {
  explicit group_join(group& x) noexcept : g(x) {}
  bool await_ready() const noexcept { return false; }
  template <class P> bool await_suspend(std::coroutine_handle<P> h) noexcept {
    waiting.suspend<seam::quiet>(leave(h), h);
    return register_joiner();
  }
  void await_resume() const noexcept {}
  bool register_joiner() noexcept;
  bool register_here() noexcept;

  group& g;
  task_waiter waiting;
};

struct group_join_request {
  group& g;
  group_join operator co_await() const noexcept { return group_join(g); }
};

}  // namespace detail

inline auto group_frame::join() noexcept { return detail::group_join_request{group_}; }

/// Opens a group, runs `f(group&, args...)` in it, joins every task, gives what `f` gave.
/// `co_await with_group([](group& g) { g.spawn(a); g.spawn(b); });`
/// Stop: the whole group stops with the task that awaits it. Errors: see group_policy.
template <class F, class... A>
requires std::invocable<F, group&, A...>
auto with_group(group_options o, F f, A... args)
    -> task<typename detail::unwrapped<std::invoke_result_t<F, group&, A...>>::type> {
  using raw = std::invoke_result_t<F, group&, A...>;
  using result = typename detail::unwrapped<raw>::type;
  group_frame frame(o);
  std::optional<stored<result>> value;
  try {
    if constexpr (std::is_void_v<raw>) {
      detail::invoke(std::move(f), frame.get(), std::move(args)...);
      value.emplace();
    } else if constexpr (!is_task<raw>) {
      value.emplace(detail::invoke(std::move(f), frame.get(), std::move(args)...));
    } else if constexpr (std::is_void_v<result>) {
      co_await detail::invoke(std::move(f), frame.get(), std::move(args)...);
      value.emplace();
    } else {
      value.emplace(co_await detail::invoke(std::move(f), frame.get(), std::move(args)...));
    }
  } catch (...) {
    frame.body_threw();
  }
  co_await frame.join();
  frame.conclude();
  if constexpr (!std::is_void_v<result>) {
    if (!value) throw stopped();  // the group was stopped from inside before there was a value
    co_return std::move(*value);
  }
}

template <class F, class... A>
requires(!std::same_as<std::remove_cvref_t<F>, group_options>) auto with_group(F f, A... args) {
  return with_group(group_options{}, std::move(f), std::move(args)...);
}

}  // namespace quartet
