// SPDX-License-Identifier: Apache-2.0
// A mutex in a member of an argument that is made where it stays.
// expect: .guard
// expect: a lock guards memory of this process only
// expect: local<T>

#include <memory>
#include <mutex>

#include <quartet/quartet.hpp>

struct job {
  int n;
  std::mutex guard;
};
void work(std::unique_ptr<job> j);
void use(quartet::process_pool& pool) { pool.submit(work, std::make_unique<job>()).blocking_get(); }
