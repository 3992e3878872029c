// SPDX-License-Identifier: Apache-2.0
// A simulated thread that runs calls.
#pragma once

#include <quartet/core/execution.hpp>

#include "core.hpp"

namespace quartet::detail::sim {

/// Threads: belongs to its simulated thread. Stop: not concerned. Errors: none.
/// Lifetime: of the core; its thread ends before, or is left where it stands.
class worker final : public execution {
 public:
  explicit worker(core& c) noexcept : execution(c.owner()), core_(c) {}

  void will_block() noexcept override {
    if (waits_++ == 0) core_.will_block();
  }
  void did_block() noexcept override {
    if (--waits_ == 0) core_.did_block();
  }

  static void live(void* self) noexcept {
    auto& me = *static_cast<worker*>(self);
    execution_scope const here(me);
    me.core_.work(me);
  }

  unsigned number() const noexcept { return reinterpret_cast<strand*>(thread)->number; }

  seam::thread_handle* thread = nullptr;
  std::uint32_t word = 0;      // where it rests
  bool rests = true;           // waits for work
  bool helps = false;          // takes one call more than may run: those who run them all wait
  char const* call = nullptr;  // the name of the one that it runs; null: it has none

 private:
  core& core_;
  unsigned waits_ = 0;  // nested: a task of another executor may wait on this thread, too
};

}  // namespace quartet::detail::sim
