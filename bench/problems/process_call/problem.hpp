// SPDX-License-Identifier: Apache-2.0
// process_call: calls to one other process: an echo of one long, and a map of an increment.
#pragma once

#include <algorithm>
#include <vector>

#include "support/program.hpp"

namespace process_call {

inline constexpr long echoes = 20'000;
inline constexpr long parked_echoes = 1'000;
inline constexpr long pause_us = 1'000;  // long enough for any worker to go to sleep
inline constexpr long numbers = 100'000;

using longs = std::vector<long>;

inline long echo(long value) { return value; }
inline long increment(long value) { return value + 1; }

namespace detail {

template <class Call> void measure(bench::options const& given, char const* p50, char const* p99,
                                   long count, std::int64_t pause_ns, Call&& call) {
  std::vector<double> latency_us;
  long right = 0;
  call(-1L);  // the first call starts things
  for (long i = 0; i < count; ++i) {
    if (pause_ns > 0) bench::sleep_until_ns(bench::now_ns() + pause_ns);
    std::int64_t const begin_ns = bench::now_ns();
    long const answer = call(i);
    latency_us.push_back(static_cast<double>(bench::now_ns() - begin_ns) / 1000);
    right += answer == i;
  }
  bench::require_answer(given, "number of right echoes", right, count);
  bench::print(p50, "us", bench::percentile(latency_us, 0.50));
  bench::print(p99, "us", bench::percentile(latency_us, 0.99));
}

}  // namespace detail

/// One call after the other, then one call at a time to a worker that has gone to sleep.
template <class Call> void measure_echo(bench::options const& given, Call&& call) {
  detail::measure(given, "echo_p50", "echo_p99", given.scaled(echoes), 0, call);
  detail::measure(given, "parked_p50", "parked_p99", given.scaled(parked_echoes), pause_us * 1000,
                  call);
}

/// `map(numbers)` gives each number plus one. Metrics: `tiny` with the chunks that the contender
/// chooses by itself, `tiny_unchunked` with one message for each number.
template <class Map> void measure_tiny(bench::options const& given, char const* metric, Map&& map) {
  longs input;
  for (long i = 0; i < given.scaled(numbers); ++i) input.push_back(i);
  longs output;
  double const best = bench::best_ns(given, 3, [&] { output = map(input); });
  long right = 0;
  for (std::size_t i = 0; i < std::min(input.size(), output.size()); ++i) {
    right += output[i] == increment(input[i]);
  }
  long const count = static_cast<long>(input.size());
  bench::require_answer(given, "number of right increments", right, count);
  bench::print(metric, "us", best / 1000 / static_cast<double>(count));
}

}  // namespace process_call
