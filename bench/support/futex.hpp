// SPDX-License-Identifier: Apache-2.0
// The bare futex calls that the hand-made limits are made of.
#pragma once

#include <atomic>
#include <climits>
#include <cstdint>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace bench {

enum class futex_scope { thread = FUTEX_PRIVATE_FLAG, process = 0 };

using futex_word = std::atomic<std::uint32_t>;
static_assert(sizeof(futex_word) == 4 && futex_word::is_always_lock_free);

/// Returns when the word has left `old`, perhaps without sleeping at all.
inline void futex_wait_while(futex_word& word, std::uint32_t old, futex_scope scope) {
  while (word.load(std::memory_order_acquire) == old) {
    syscall(SYS_futex, &word, FUTEX_WAIT | static_cast<int>(scope), old, nullptr, nullptr, 0);
  }
}

inline void futex_wake_one(futex_word& word, futex_scope scope) {
  syscall(SYS_futex, &word, FUTEX_WAKE | static_cast<int>(scope), 1, nullptr, nullptr, 0);
}

}  // namespace bench
