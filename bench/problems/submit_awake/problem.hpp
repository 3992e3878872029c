// SPDX-License-Identifier: Apache-2.0
// submit_awake: the next call as soon as the last has begun; how long until it starts.
#pragma once

#include "support/started_call.hpp"

namespace submit_awake {

using bench::note_start;

inline constexpr long calls = 100'000;

/// Keeps its core for longer than any pool that is awake takes.
inline void wait_for_start(bench::started_call const& call) {
  constexpr int looks = 10'000;
  for (int i = 0; !call.has_begun(); ++i)
    if (i >= looks) std::this_thread::yield();
}

/// `give(call)` submits one call; a first one, not counted, starts the workers.
template <class Give> void measure(bench::options const& given, Give&& give) {
  std::vector<bench::started_call> notes(static_cast<std::size_t>(given.scaled(calls)) + 1);
  std::vector<double> latency_ns;
  latency_ns.reserve(notes.size());
  for (auto& note : notes) {
    std::int64_t const begin_ns = bench::now_ns();
    give(note_start{&note});
    wait_for_start(note);
    latency_ns.push_back(static_cast<double>(note.at_ns - begin_ns));
  }
  latency_ns.erase(latency_ns.begin());
  bench::print_latency(given, notes, latency_ns, "ns");
}

}  // namespace submit_awake
