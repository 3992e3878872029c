// SPDX-License-Identifier: Apache-2.0
// A function that returns a lock, on a process_pool.
// expect: result:
// expect: a lock guards memory of this process only

#include <mutex>

#include <quartet/quartet.hpp>

std::unique_lock<std::mutex> work(int x);
void use(quartet::process_pool& pool) { pool.submit(work, 1).blocking_get(); }
