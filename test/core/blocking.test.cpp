// SPDX-License-Identifier: Apache-2.0
// blocking: the slot is given away and taken back, whatever the function does.
#include <gtest/gtest.h>
#include <semaphore>
#include <stdexcept>

#include <quartet/core/blocking.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

namespace quartet {
namespace {

TEST(blocking, others_run_while_a_declared_call_blocks_the_only_worker) {
  thread_pool pool({.workers = 1});
  std::binary_semaphore other_ran{0};
  auto blocks = pool.submit([&] {
    blocking([&] { other_ran.acquire(); });
    return 1;
  });
  pool.submit([&] { other_ran.release(); }).blocking_get();
  EXPECT_EQ(blocks.blocking_get(), 1);
}

TEST(blocking, gives_what_the_function_gave_a_reference_too) {
  int x = 1;
  EXPECT_EQ(&blocking([&]() -> int& { return x; }), &x) << "outside executors it is a call";
  event_loop loop;
  EXPECT_EQ(loop.run([] { return blocking([] { return 2; }); }), 2);
}

TEST(blocking, the_slot_comes_back_after_an_exception) {
  thread_pool pool({.workers = 1});
  auto const fails = [] {
    try {
      blocking([] { throw std::runtime_error("no"); });
    } catch (std::runtime_error const&) {
    }
    return 3;
  };
  for (int i = 0; i != 20; ++i) EXPECT_EQ(pool.submit(fails).blocking_get(), 3);
}

TEST(blocking, nests) {
  thread_pool pool({.workers = 1});
  std::binary_semaphore other_ran{0};
  auto blocks = pool.submit([&] { blocking([&] { blocking([&] { other_ran.acquire(); }); }); });
  pool.submit([&] { other_ran.release(); }).blocking_get();
  blocks.blocking_get();
}

}  // namespace
}  // namespace quartet
