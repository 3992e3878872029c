// SPDX-License-Identifier: Apache-2.0
// submit_idle: one call every millisecond to a sleeping pool; how long until it starts.
#pragma once

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "support/program.hpp"

namespace submit_idle {

inline constexpr long calls = 1'000;
inline constexpr std::int64_t pause_ns = 1'000'000;

struct started_call {
  std::int64_t at_ns = 0;     // written before `times`
  std::atomic<int> times{0};  // (1) release, seen by acquire (2)
};

/// The call that is submitted: it writes down when it began.
struct note_start {
  started_call* note;
  void operator()() const noexcept {
    note->at_ns = bench::now_ns();
    note->times.fetch_add(1, std::memory_order_release);  // (1)
  }
};

inline void wait_for_start(started_call const& call) {
  while (call.times.load(std::memory_order_acquire) == 0) std::this_thread::yield();  // (2)
}

/// `give(call)` submits one call; a first one, not counted, starts the workers.
template <class Give> void measure(bench::options const& given, Give&& give) {
  std::vector<started_call> notes(static_cast<std::size_t>(given.scaled(calls)) + 1);
  std::vector<double> latency_us;
  long started_once = 0;
  std::int64_t next_ns = bench::now_ns();
  for (auto& note : notes) {
    std::int64_t const begin_ns = bench::now_ns();
    give(note_start{&note});
    // Sleep before looking: a submitter that polls at once would keep a core from going idle.
    bench::sleep_until_ns(next_ns = std::max(next_ns + pause_ns, bench::now_ns()));
    wait_for_start(note);
    latency_us.push_back(static_cast<double>(note.at_ns - begin_ns) / 1000);
  }
  latency_us.erase(latency_us.begin());
  for (auto const& note : notes) started_once += note.times.load(std::memory_order_acquire) == 1;
  bench::require_answer(given, "number of calls started once", started_once,
                        static_cast<long>(notes.size()));
  bench::print("start_p50", "us", bench::percentile(latency_us, 0.50));
  bench::print("start_p99", "us", bench::percentile(latency_us, 0.99));
}

}  // namespace submit_idle
