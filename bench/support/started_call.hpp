// SPDX-License-Identifier: Apache-2.0
// When a submitted call began: for the problems that measure how long that takes.
#pragma once

#include <atomic>
#include <thread>

#include "support/program.hpp"

namespace bench {

struct started_call {
  std::int64_t at_ns = 0;     // written before `times`
  std::atomic<int> times{0};  // (1) release, seen by acquire (2)

  bool has_begun() const noexcept { return times.load(std::memory_order_acquire) != 0; }  // (2)
};

/// The call that is submitted: it writes down when it began.
struct note_start {
  started_call* note;
  void operator()() const noexcept {
    note->at_ns = now_ns();
    note->times.fetch_add(1, std::memory_order_release);  // (1)
  }
};

/// What all of them say: how long until half, and nearly all, had begun.
template <class Notes> void print_latency(options const& given, Notes const& notes,
                                          std::vector<double> latency, char const* unit) {
  long started_once = 0;
  for (auto const& note : notes) started_once += note.times.load(std::memory_order_acquire) == 1;
  require_answer(given, "number of calls started once", started_once,
                 static_cast<long>(notes.size()));
  print("start_p50", unit, percentile(latency, 0.50));
  print("start_p99", unit, percentile(latency, 0.99));
}

}  // namespace bench
