// SPDX-License-Identifier: Apache-2.0
// A task given to submit, instead of the function that makes it.
// expect: quartet: this is a task
// expect: submit(f, args...)

#include <quartet/quartet.hpp>

quartet::task<int> work(int x);
int use(quartet::thread_pool& pool) { return pool.submit(work(1)).blocking_get(); }
