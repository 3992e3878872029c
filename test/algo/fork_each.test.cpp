// SPDX-License-Identifier: Apache-2.0
// fork_each: every branch once, however many.
#include <gtest/gtest.h>
#include <stdexcept>
#include <vector>

#include <quartet/algo/fork_each.hpp>
#include <quartet/core/executor.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

task<> fill(std::vector<int>* to) {
  auto const branch = [to](std::size_t i) -> task<> {
    if (i % 3 == 0) co_await yield();
    ++(*to)[i];
  };
  co_await fork_each(to->size(), branch);
}

}  // namespace

TEST(fork_each, runs_every_branch_once) {
  thread_pool pool{{.workers = 3}};
  for (std::size_t n : {0U, 1U, 2U, 3U, 4U, 5U, 9U, 64U, 1000U}) {
    std::vector<int> ran(n);
    pool.submit(fill, &ran).blocking_get();
    EXPECT_EQ(ran, std::vector<int>(n, 1)) << n;
  }
}

TEST(fork_each, branches_that_wait_overlap) {
  manual_executor e;
  auto const run = []() -> task<> {
    co_await fork_each(
        50, [](std::size_t i) -> task<> { co_await sleep_for(std::chrono::seconds(i)); });
  };
  auto const before = e.now();
  e.submit(run).blocking_get();
  EXPECT_EQ(e.now() - before, 49s);
}

TEST(fork_each, plain_branches_and_failures) {
  thread_pool pool{{.workers = 2}};
  auto const run = []() -> task<> {
    std::vector<int> ran(20);
    co_await fork_each(20, [&](std::size_t i) { ++ran[i]; });
    EXPECT_EQ(ran, std::vector<int>(20, 1));
    co_await fork_each(20, [](std::size_t i) {
      if (i >= 7) throw std::out_of_range(std::to_string(i));
    });
  };
  try {
    pool.submit(run).blocking_get();
    ADD_FAILURE() << "nothing was thrown";
  } catch (std::out_of_range const& x) {
    EXPECT_STREQ(x.what(), "7");
  }
}
