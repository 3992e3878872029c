// SPDX-License-Identifier: Apache-2.0
// A plain thread: stop-aware, named, joined at the end of its scope.
#pragma once

#include <string>
#include <string_view>
#include <tuple>

#include <quartet/base/invoke.hpp>
#include <quartet/core/callable.hpp>
#include <quartet/core/stop.hpp>
#include <quartet/exec/threads/detail/thread_state.hpp>

namespace quartet {

/// Options of one thread. Trivially destructible, so that it can stand in any expression.
struct thread_options {
  std::string_view name = {};  ///< as the system's tools show it, 15 characters; copied
  place where = place::here();
};
static_assert(std::is_trivially_destructible_v<thread_options>);

namespace detail {
template <class F>
concept not_thread = !std::same_as<std::remove_cvref_t<F>, thread_options> &&
                     !std::derived_from<std::remove_cvref_t<F>, thread_state::owner>;

/// `f(token, args...)` is possible: it wants the token.
template <class F, class... A>
concept takes_token = callable<F, stop_token, A...>;

/// A thread's state with what it runs.
template <class F, class... A> class thread_call final : public thread_state {
 public:
  template <class G, class... B> thread_call(place w, std::string name, G&& f, B&&... args)
      : thread_state(w, std::move(name)),
        f_(std::forward<G>(f)),
        arguments_(std::forward<B>(args)...) {}

 private:
  void run() override {
    std::apply(
        [this](A&... a) {
          if constexpr (takes_token<F, A...>)
            detail::invoke(std::move(f_), token(), std::move(a)...);
          else
            detail::invoke(std::move(f_), std::move(a)...);
        },
        arguments_);
  }
  F f_;
  std::tuple<A...> arguments_;
};
}  // namespace detail

/// A thread of its own for `f(args...)`, or `f(token, args...)` if it takes a `stop_token` first.
/// Prefer `thread_pool::submit` for work that is many and short, or gives a result.
///
/// Example: `thread t{work, 7}; t.join();`
/// Threads: a value with one owner; `stop` and `stop_requested` from any thread.
/// Stop: `stop`, the destructor, and the stop of the task that made it reach `f`: every blocking
/// wait in it is a checkpoint, and `quartet::stop_requested()` tells it.
/// Errors: std::system_error if the system refuses another thread. `join` throws what `f` threw,
/// but for `stopped`; what nobody joins for ends the program, as an exception that nobody can see.
/// Lifetime: callable and arguments are moved into the thread. The destructor stops and joins.
class thread : detail::thread_state::owner {
 public:
  thread() noexcept = default;
  template <detail::not_thread F, class... A> explicit thread(F&& f, A&&... args)
      : thread(thread_options{.where = {}}, std::forward<F>(f), std::forward<A>(args)...) {}
  template <class F, class... A> thread(thread_options o, F&& f, A&&... args) {
    static_assert(callable<F, A...> || detail::takes_token<F, A...>,
                  "quartet: the callable cannot be called with these arguments; they are stored by "
                  "value and handed over as rvalues: take them by value or by const&, and pass "
                  "std::ref(x) for a reference that outlives the thread");
    if constexpr (callable<F, A...> || detail::takes_token<F, A...>) {
      using state = detail::thread_call<std::decay_t<F>, std::decay_t<A>...>;
      begin(new state(o.where, std::string(o.name), std::forward<F>(f), std::forward<A>(args)...));
    }
  }
  thread(thread&&) noexcept = default;
  /// Stops and joins the thread that was here before.
  thread& operator=(thread&&) noexcept = default;
  ~thread() = default;

  using owner::joinable;
  /// Blocks: the thread, until `f` has ended; a pool's worker gives its slot away meanwhile.
  /// Errors: throws what `f` threw.
  using owner::join;
  /// Asks `f` to stop.
  using owner::stop;
  using owner::stop_requested;
};

}  // namespace quartet
