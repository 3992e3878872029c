// SPDX-License-Identifier: Apache-2.0
// Bulk calls whose items block, or that are raised, under many schedules: each item runs once.
#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/sync/latch.hpp>

#include "races/explored.hpp"

using namespace quartet;
using test::explored;

namespace {

/// What ran how often.
struct tally {
  explicit tally(std::size_t n) : ran(n) {
    for (std::size_t i = 0; i != n; ++i) all.push_back(i);
  }
  ~tally() {
    for (auto const& each : ran) EXPECT_EQ(each.read(), 1);
  }
  void note(std::size_t i) { ran[i] += 1; }

  std::vector<shared<int>> ran;
  std::vector<std::size_t> all;  // the items
};

void wait_in_vain(duration d) {
  latch nobody(1);
  EXPECT_THROW(nobody.blocking_wait_for(d), timed_out);
}

}  // namespace

TEST(races, items_of_a_bulk_call_may_wait_for_each_other) {
  explored(1000, [] {
    tally t(3);
    thread_pool pool({.workers = 2});
    latch together(3);
    auto other = pool.submit([] {});
    for_each(pool, t.all, [&](std::size_t i) {
      t.note(i);
      together.blocking_arrive_and_wait();
    }).blocking_get();
    other.blocking_get();
  });
}

// The rest is lent when the wait may just have ended.
TEST(races, an_item_that_waits_for_about_as_long_as_the_rest_is_kept_goes_on) {
  explored(1000, [] {
    tally t(3);
    thread_pool pool({.workers = 1});
    for_each(pool, t.all, [&](std::size_t i) {
      t.note(i);
      if (i == 0) wait_in_vain(std::chrono::milliseconds(50));
    }).blocking_get();
  });
}

TEST(races, what_is_lent_keeps_to_the_number_of_workers_of_its_call) {
  explored(500, [] {
    tally t(3);
    shared<int> inside = 0;
    thread_pool pool({.workers = 2});
    auto const item = [&](std::size_t i) {
      t.note(i);
      EXPECT_EQ(inside, 0);
      inside = 1;
      if (i == 0) wait_in_vain(std::chrono::milliseconds(200));
      inside = 0;
    };
    for_each(pool, t.all, item, {.workers = 1}).blocking_get();
  });
}

// Its parts are looked for while they are taken, divided, and step behind others.
TEST(races, the_items_of_a_bulk_call_that_is_raised_run_once) {
  explored(1000, [] {
    tally t(3);
    thread_pool pool({.workers = 2});
    auto other = pool.submit([] {});
    auto bulk =
        for_each(pool, t.all, [&t](std::size_t i) { t.note(i); }, {.level = priority::background});
    pool.submit({.level = priority::urgent}, [&]() -> task<> { co_await bulk; }).blocking_get();
    other.blocking_get();
  });
}
