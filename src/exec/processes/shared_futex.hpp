// SPDX-License-Identifier: Apache-2.0
// Parking on a word that other processes wake: the seam's futex is for one process.
#pragma once

#include <quartet/seam/futex.hpp>

namespace quartet::detail::processes {

/// Sleeps while `word` holds `expected`, until woken; may return early. Blocks: the thread.
void shared_wait(seam::futex_word const& word, std::uint32_t expected) noexcept;

/// Wakes whoever sleeps on `word`, in whichever process.
void shared_wake(seam::futex_word const& word) noexcept;

}  // namespace quartet::detail::processes
