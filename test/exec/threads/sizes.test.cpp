// SPDX-License-Identifier: Apache-2.0
// A pool without a number of its own follows the CPUs that the process may use.
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <sched.h>
#include <string>

#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/os/affinity.hpp>
#include <quartet/os/cpu_quota.hpp>

namespace quartet {
namespace {

/// Confines all threads of this process, as `taskset -a -p` does from outside.
void confine_all(std::vector<unsigned> const& cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (unsigned const c : cpus) CPU_SET(c, &set);
  for (auto const& thread : std::filesystem::directory_iterator("/proc/self/task"))
    sched_setaffinity(std::atoi(thread.path().filename().c_str()), sizeof set, &set);
}

/// Lets the pool work until it has so many workers.
void work_until(thread_pool& pool, unsigned n) {
  while (pool.workers() != n) pool.submit([] {}).blocking_get();
}

struct sizes : testing::Test {
  void SetUp() override {
    if (os::available_cpus() < 2) GTEST_SKIP() << "needs two CPUs";
    if (!os::default_workers_may_change()) GTEST_SKIP() << "needs no QUARTET_WORKERS";
  }
  void TearDown() override { confine_all(all); }

  std::vector<unsigned> const all = os::affinity();
};

TEST_F(sizes, of_a_pool_that_works_follow_the_machine) {
  thread_pool pool;
  unsigned const n = pool.workers();
  EXPECT_EQ(n, os::available_cpus());
  work_until(pool, n);
  confine_all({all.front()});
  work_until(pool, 1);
  confine_all(all);
  work_until(pool, n);
}

TEST_F(sizes, follow_without_patience_for_stuck_calls_too) {
  thread_pool pool({.patience = {}});
  pool.submit([] {}).blocking_get();
  confine_all({all.front()});
  work_until(pool, 1);
}

TEST_F(sizes, that_somebody_gave_stay) {
  thread_pool pool, fixed({.workers = 2});
  fixed.submit([] {}).blocking_get();
  confine_all({all.front()});
  work_until(pool, 1);
  for (int i = 0; i != 100; ++i) fixed.submit([] {}).blocking_get();
  EXPECT_EQ(fixed.workers(), 2u);
}

}  // namespace
}  // namespace quartet
