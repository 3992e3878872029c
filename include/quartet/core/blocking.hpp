// SPDX-License-Identifier: Apache-2.0
// `blocking`: a call that blocks its thread, said to the executor beforehand.
#pragma once

#include <concepts>
#include <functional>
#include <utility>

#include <quartet/core/execution.hpp>

namespace quartet {

/// Calls `f()`, which may block the thread outside quartet: a system call, a library, a foreign
/// mutex. A pool's worker gives its slot to another thread meanwhile, and takes one back
/// afterwards, so all workers go on running; waits of quartet itself need not be wrapped. `auto
/// text = blocking([&] { return read_slowly(file); });` On executors of one thread (the loop) it is
/// a plain call, which holds up all others there: submit such a call to a pool instead. Blocks: as
/// `f`. Stop: not looked at. Errors: what `f` throws. Cost: two short critical sections, and a
/// wake-up if calls wait.
template <std::invocable F> decltype(auto) blocking(F&& f) {
  class away {
   public:
    away() noexcept : from_(current_execution()) {
      if (from_ != nullptr) from_->will_block();
    }
    away(away const&) = delete;
    away& operator=(away const&) = delete;
    ~away() {
      if (from_ != nullptr) from_->did_block();
    }

   private:
    execution* const from_;
  } const while_it_runs;
  return std::invoke(std::forward<F>(f));
}

}  // namespace quartet
