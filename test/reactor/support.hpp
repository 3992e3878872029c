// SPDX-License-Identifier: Apache-2.0
// A reactor driven by the test itself.
#pragma once

#include <vector>

#include <quartet/core/execution.hpp>
#include <quartet/core/executor_base.hpp>
#include <quartet/reactor/reactor.hpp>

namespace quartet::test {

/// Stands where an executor must be named; runs nothing.
class no_executor final : public executor_base {
 public:
  explicit no_executor(timer_service& t) noexcept : timers_(t) {}
  void start(call&) noexcept override {}
  timer_service& timers() noexcept override { return timers_; }

 private:
  timer_service& timers_;
};

/// A reactor whose driver is the thread that made this.
/// Threads: `events` as the reactor says. Stop: not concerned. Errors: none.
/// Lifetime: on the stack of its thread.
class driven_reactor {
 public:
  driven_reactor() { entered_ = events.try_enter(); }
  ~driven_reactor() {
    if (entered_) events.leave();
  }
  bool entered() const noexcept { return entered_; }
  void run_all() {
    while (events.run_ready(64) != 0) {
    }
  }

  reactor events;

 private:
  no_executor executor_{events};
  execution execution_{executor_};
  execution_scope scope_{execution_};
  bool entered_ = false;
};

/// A call that appends its number to a list.
struct numbered_call : call {
  numbered_call(std::vector<int>& l, int n) : list(&l), number(n) {
    run = [](work_item& c, std::size_t, std::size_t) noexcept {
      auto& self = static_cast<numbered_call&>(c);
      self.list->push_back(self.number);
    };
  }
  std::vector<int>* list;
  int number;
};

/// A timer that does the same.
struct numbered_timer : timer {
  numbered_timer(std::vector<int>& l, int n, time_point t)
      : timer([](timer& x) noexcept {
          auto& self = static_cast<numbered_timer&>(x);
          self.list->push_back(self.number);
        }),
        list(&l),
        number(n) {
    when = t;
  }
  std::vector<int>* list;
  int number;
};

}  // namespace quartet::test
