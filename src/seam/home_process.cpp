// SPDX-License-Identifier: Apache-2.0
// Counting forks.
#include <pthread.h>

#include <quartet/seam/home_process.hpp>

namespace quartet::seam {

namespace detail {
constinit std::atomic<std::uint32_t> forks{0};
}

namespace {
// It takes no lock: another thread of the parent may have held it.
void count_fork() noexcept {
  detail::forks.store(detail::forks.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}
// Errors: without memory for it forks are not noticed; that would be the program's start.
[[gnu::constructor]] void listen() { ::pthread_atfork(nullptr, nullptr, count_fork); }
}  // namespace

}  // namespace quartet::seam
