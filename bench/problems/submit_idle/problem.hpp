// SPDX-License-Identifier: Apache-2.0
// submit_idle: one call every millisecond to a sleeping pool; how long until it starts.
#pragma once

#include "support/started_call.hpp"

namespace submit_idle {

using bench::note_start;

inline constexpr long calls = 1'000;
inline constexpr std::int64_t pause_ns = 1'000'000;

/// `give(call)` submits one call; a first one, not counted, starts the workers.
template <class Give> void measure(bench::options const& given, Give&& give) {
  std::vector<bench::started_call> notes(static_cast<std::size_t>(given.scaled(calls)) + 1);
  std::vector<double> latency_us;
  std::int64_t next_ns = bench::now_ns();
  for (auto& note : notes) {
    std::int64_t const begin_ns = bench::now_ns();
    give(note_start{&note});
    // Sleep before looking: a submitter that polls at once would keep a core from going idle.
    bench::sleep_until_ns(next_ns = std::max(next_ns + pause_ns, bench::now_ns()));
    while (!note.has_begun()) std::this_thread::yield();
    latency_us.push_back(static_cast<double>(note.at_ns - begin_ns) / 1000);
  }
  latency_us.erase(latency_us.begin());
  bench::print_latency(given, notes, latency_us, "us");
}

}  // namespace submit_idle
