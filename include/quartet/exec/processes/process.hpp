// SPDX-License-Identifier: Apache-2.0
// One function in a process of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <tuple>

#include <quartet/core/executor.hpp>
#include <quartet/wire/border.hpp>

namespace quartet {

/// How a process has ended.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct process_status {
  int code = 0;    ///< what it exited with; -1 if a signal ended it
  int signal = 0;  ///< the signal that ended it; 0: it exited

  bool success() const noexcept { return code == 0 && signal == 0; }
  friend bool operator==(process_status const&, process_status const&) = default;
};

namespace detail::processes {
class child_process;

/// Reads the call of a plain process from its request and runs it; its exit code.
using entry = int (*)(wire::reader& in, executor_base& here);

std::shared_ptr<child_process> start_process(entry run, wire::buffer const& request);

template <class F, class... A> struct plain_call {
  using result = call_result<F, A...>;

  static int run(wire::reader& in, executor_base& here) {
    return run(in, here, std::index_sequence_for<A...>());
  }

 private:
  template <std::size_t... I>
  static int run(wire::reader& in, executor_base& here, std::index_sequence<I...>) {
    F f = wire::detail::get_function<F>(in);
    std::tuple<A...> all{wire::detail::get_value<A>(in)...};
    in.finish();
    if constexpr (std::is_same_v<result, int>) {
      return one_call<result, F, A...>::run_blocking(here, std::move(f),
                                                     std::get<I>(std::move(all))...);
    } else {
      static_cast<void>(one_call<result, F, A...>::run_blocking(here, std::move(f),
                                                                std::get<I>(std::move(all))...));
      return 0;
    }
  }
};
}  // namespace detail::processes

/// A process that runs `f(args...)` and ends. It is a fresh start of this program that never ran
/// `main`; function and arguments are sent to it. Its exit code is what `f` returns if that is an
/// int, else 0; 1 if `f` throws, which is told on standard error. Prefer `process_pool` where a
/// result is wanted or many calls are made.
/// Threads: const members, `terminate` and `kill` concurrently; one `join` at a time.
/// Stop: not concerned; `terminate` asks, `kill` ends. It ends with this program, however that
/// ends. Errors: std::system_error if the system refuses; std::logic_error for a program without a
/// guard, see worker_guard. Lifetime: the destructor joins; moved from, there is nothing to join.
class process {
 public:
  /// Blocks: until the process exists, a few milliseconds.
  template <class F, class... A>
  requires(!std::same_as<std::remove_cvref_t<F>, process>) explicit process(F&& f, A&&... args) {
    using function = std::decay_t<F>;
    if constexpr (detail::check_callable<F, A...>()) {
      if constexpr (sendable_border::accepts<function, void, std::decay_t<A>...>) {
        wire::buffer request;
        {
          wire::writer out(request);
          wire::detail::put_function<function>(out, function(std::forward<F>(f)));
          (wire::encode(out, static_cast<std::decay_t<A> const&>(args)), ...);
        }
        child_ = detail::processes::start_process(
            &detail::processes::plain_call<function, std::decay_t<A>...>::run, request);
      } else {
        sendable_border::check<function, void, std::decay_t<A>...>();
      }
    }
  }
  process(process&&) noexcept = default;
  process& operator=(process&& other) noexcept;
  ~process();

  bool joinable() const noexcept { return child_ != nullptr; }
  /// Blocks: the thread, until the process has ended.
  void join();
  /// SIGTERM. Does nothing if it has ended.
  void terminate();
  /// SIGKILL. Does nothing if it has ended.
  void kill();
  /// How it has ended; nothing while it runs. Blocks: never.
  std::optional<process_status> exit_status() const;
  int pid() const noexcept;

 private:
  std::shared_ptr<detail::processes::child_process> child_;  // null: moved from
};

}  // namespace quartet
