// SPDX-License-Identifier: Apache-2.0
// A function that gives a lock which cannot be moved.
// expect: quartet: a call gives back a value
// expect: std::unique_ptr

#include <mutex>

#include <quartet/quartet.hpp>

std::lock_guard<std::mutex> enter(int x);
void use(quartet::thread_pool& pool) { pool.submit(enter, 1).blocking_get(); }
