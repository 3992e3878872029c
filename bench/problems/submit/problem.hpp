// SPDX-License-Identifier: Apache-2.0
// submit: one outside thread gives a million empty calls one by one and waits for all.
#pragma once

#include "support/program.hpp"
#include "support/tally.hpp"

namespace submit {

inline constexpr long calls = 1'000'000;

/// The call that is submitted: no data, and all it does is to be counted.
struct empty_call {
  void operator()() const noexcept { bench::tally::hit(); }
};

/// `give(call)` submits one call, `wait()` is the pool's own wait for all that were given.
template <class Give, class Wait>
void measure(bench::options const& given, Give&& give, Wait&& wait) {
  long const count = given.scaled(calls);
  int const rounds = given.repetitions(5);
  double const best = bench::best_ns(given, rounds, [&] {
    long const before = bench::tally::total();
    for (long i = 0; i < count; ++i) give(empty_call{});
    wait();
    bench::tally::wait_for(before + count);
  });
  bench::require_answer(given, "number of calls", bench::tally::total(), count * rounds);
  bench::print("call", "ns", best / static_cast<double>(count));
}

/// For pools without a wait of their own.
template <class Give> void measure(bench::options const& given, Give&& give) {
  measure(given, give, [] {});
}

}  // namespace submit
