// SPDX-License-Identifier: Apache-2.0
// A system that refuses threads: an error for each call, or fewer workers.
#include <atomic>
#include <cerrno>
#include <gtest/gtest.h>
#include <system_error>
#include <vector>

#include <quartet/exec/threads/thread.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/machine.hpp>

namespace quartet {
namespace {

/// Gives so many threads and no more.
class stingy_machine : public seam::machine {
 public:
  explicit stingy_machine(int threads) : left_(threads) {}
  seam::thread_handle* start_thread(void (*body)(void*), void* argument,
                                    char const* name) override {
    if (left_.fetch_sub(1) <= 0)
      throw std::system_error(EAGAIN, std::generic_category(), "cannot start another thread");
    return machine::start_thread(body, argument, name);
  }

 private:
  std::atomic<int> left_;
};

TEST(refused_threads, without_any_thread_calls_fail_and_say_why) {
  stingy_machine machine(0);
  seam::machine_scope on(machine);
  thread_pool pool{{.workers = 2}};
  for (int i = 0; i < 3; ++i)
    EXPECT_THROW(pool.submit([] { return 1; }).blocking_get(), std::system_error);
  EXPECT_THROW(pool.warm(), std::system_error);
}

TEST(refused_threads, a_pool_goes_on_with_the_threads_it_has) {
  stingy_machine machine(1);
  seam::machine_scope on(machine);
  thread_pool pool{{.workers = 4}};
  pool.warm();
  std::vector<future<int>> all;
  for (int i = 0; i < 100; ++i) all.push_back(pool.submit([](int x) { return x; }, i));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)].blocking_get(), i);
}

TEST(refused_threads, a_plain_thread_throws_and_leaves_nothing) {
  stingy_machine machine(0);
  seam::machine_scope on(machine);
  EXPECT_THROW((quartet::thread{[] {}}), std::system_error);
}

}  // namespace
}  // namespace quartet
