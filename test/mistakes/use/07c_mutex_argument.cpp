// SPDX-License-Identifier: Apache-2.0
// A reference to a mutex as an argument to a process_pool.
// expect: argument 1
// expect: std::mutex
// expect: a reference means an address of this process

#include <mutex>

#include <quartet/quartet.hpp>

void work(std::mutex& guard);
void use(quartet::process_pool& pool, std::mutex& guard) {
  pool.submit(work, std::ref(guard)).blocking_get();
}
