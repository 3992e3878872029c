// SPDX-License-Identifier: Apache-2.0
// Parking and waking threads on a 32-bit word.
#pragma once

#include <quartet/seam/atomic.hpp>

namespace quartet::seam {

using futex_word = atomic<std::uint32_t>;

/// Parks the calling thread while `word` holds `expected`, until woken or `deadline`.
/// Blocks: the thread. May return early without reason: check the word again.
/// Source: futex(2); `std::atomic::wait` is refused for its lost wake-ups and spinning.
wake futex_wait(futex_word const& word, std::uint32_t expected, time_point deadline = never,
                place where = place::here()) noexcept;

/// Wakes up to `count` threads parked on `word`; the word need not exist any more.
void futex_wake(futex_word const& word, int count, place where = place::here()) noexcept;

}  // namespace quartet::seam
