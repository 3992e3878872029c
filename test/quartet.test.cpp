// SPDX-License-Identifier: Apache-2.0
// One include gives everything, also beside the system's headers and with `using namespace`.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <quartet/quartet.hpp>

using namespace quartet;

namespace {
int twice(int x) { return 2 * x; }
}  // namespace

TEST(quartet, the_same_two_lines_under_every_model) {
  std::vector<int> const items{1, 2, 3};
  std::vector<int> const wanted{2, 4, 6};
  inline_executor sync;
  event_loop async;
  thread_pool threads({.workers = 2});
  process_pool processes({.workers = 2});
  EXPECT_EQ(map(sync, items, &twice).blocking_get(), wanted);
  EXPECT_EQ(map(async, items, &twice).blocking_get(), wanted);
  EXPECT_EQ(map(threads, items, &twice).blocking_get(), wanted);
  EXPECT_EQ(map(processes, items, &twice).blocking_get(), wanted);
}

TEST(quartet, time_literals_come_with_it) { EXPECT_EQ(2s, std::chrono::milliseconds(2000)); }
