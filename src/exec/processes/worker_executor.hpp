// SPDX-License-Identifier: Apache-2.0
// The small loop of a worker process, on which its one call at a time runs.
#pragma once

#include <quartet/core/execution.hpp>
#include <quartet/reactor/driven_executor.hpp>

namespace quartet::detail::processes {

/// A call that arrives from outside a task runs at once; what it starts, and what it waits for,
/// runs while it is driven.
/// Threads: one drives. Errors, lifetime: see driven_executor.
class worker_executor final : public driven_executor<any_call> {
 public:
  worker_executor() = default;
  ~worker_executor() override { drain(); }

  void start(call& c) noexcept override {
    if (c.why == call::turn::fresh && is_root())
      c.run(c, 0, c.count);
    else
      driven_executor<any_call>::start(c);
  }

 private:
  bool is_root() const noexcept {
    execution const* const e = current_execution();
    return e != nullptr && e->executor == this && e->task == nullptr;
  }
};

/// The worker's thread works for its executor.
class executor_scope {
 public:
  explicit executor_scope(executor_base& e) noexcept : here_(e), scope_(here_) {}

 private:
  execution here_;
  execution_scope scope_;
};

}  // namespace quartet::detail::processes
