// SPDX-License-Identifier: Apache-2.0
// Calls of many items: each item once, never touched after the last one, limits kept.
#include <atomic>
#include <gtest/gtest.h>
#include <memory>
#include <thread>
#include <vector>

#include <quartet/exec/threads/thread_pool.hpp>

namespace quartet {
namespace {

// A call that is destroyed by whoever settles its last item, as call records are: touching it
// afterwards is a use after free for the sanitizers. Counts runs per item and runs at once.
struct bulk : call {
  struct tally {
    explicit tally(std::size_t n) : runs(n) {}
    std::vector<std::atomic<int>> runs;
    std::atomic<unsigned> inside{0}, most_inside{0}, ended{0};
    std::atomic<std::size_t> largest{0};
    std::atomic<int> chunks{0};
  };

  bulk(tally& t, int work_per_item) : seen(t), work(work_per_item), left(t.runs.size()) {
    count = t.runs.size();
    run = [](work_item& c, std::size_t first, std::size_t last) noexcept {
      static_cast<bulk&>(c).go(first, last);
    };
    fail = [](call& c, std::size_t first, std::size_t last, ending, std::exception_ptr) noexcept {
      static_cast<bulk&>(c).settle(last - first);
    };
  }
  void go(std::size_t first, std::size_t last) noexcept {
    unsigned const now = ++seen.inside;
    for (unsigned m = seen.most_inside; m < now && !seen.most_inside.compare_exchange_weak(m, now);)
      ;
    for (std::size_t m = seen.largest;
         m < last - first && !seen.largest.compare_exchange_weak(m, last - first);)
      ;
    ++seen.chunks;
    for (std::size_t i = first; i != last; ++i) {
      ++seen.runs[i];
      for (int k = 0; k < work; ++k) std::this_thread::yield();
    }
    --seen.inside;
    settle(last - first);
  }
  void settle(std::size_t n) noexcept {
    if (left.fetch_sub(n) != n) return;
    std::atomic<unsigned>& ended = seen.ended;
    delete this;
    ended = 1;
    ended.notify_one();
  }

  tally& seen;
  int const work;
  std::atomic<std::size_t> left;
};

struct shape {
  std::size_t items;
  unsigned workers;
  int work = 0;
  std::size_t chunk = 0;
  unsigned limit = 0;
};

void run_and_check(shape const& s, bulk::tally& t, thread_pool& pool) {
  auto* const b = new bulk(t, s.work);
  b->chunk = s.chunk;
  b->workers = s.limit;
  pool.start(*b);
  t.ended.wait(0);
  for (std::size_t i = 0; i != s.items; ++i) ASSERT_EQ(t.runs[i], 1) << "item " << i;
}

TEST(ranges_in_a_pool, every_item_runs_once) {
  for (unsigned workers : {1u, 2u, 4u})
    for (std::size_t items : {2u, 3u, 17u, 1'000u, 100'000u}) {
      thread_pool pool{{.workers = workers}};
      bulk::tally t(items);
      run_and_check({items, workers}, t, pool);
    }
}

TEST(ranges_in_a_pool, a_call_is_not_touched_after_its_last_item) {
  thread_pool pool{{.workers = 4}};
  for (int round = 0; round < 2'000; ++round) {
    std::size_t const items = 2 + static_cast<std::size_t>(round) % 40;
    bulk::tally t(items);
    run_and_check({items, 4, round % 3}, t, pool);
  }
}

TEST(ranges_in_a_pool, a_chosen_chunk_is_kept) {
  thread_pool pool{{.workers = 2}};
  bulk::tally t(1'003);
  run_and_check({.items = 1'003, .workers = 2, .work = 1, .chunk = 10}, t, pool);
  EXPECT_EQ(t.largest, 10u);
  EXPECT_EQ(t.chunks, 101);
}

TEST(ranges_in_a_pool, no_more_workers_take_part_than_the_call_wants) {
  thread_pool pool{{.workers = 4}};
  for (unsigned limit : {1u, 2u, 3u}) {
    bulk::tally t(500);
    run_and_check({.items = 500, .workers = 4, .work = 20, .chunk = 1, .limit = limit}, t, pool);
    EXPECT_LE(t.most_inside, limit);
  }
}

// Two items that wait for each other: they run only if somebody else takes the second.
TEST(ranges_in_a_pool, a_range_is_split_for_whoever_has_nothing_to_do) {
  thread_pool pool{{.workers = 2}};
  struct pair : call {
    std::atomic<int> here{0};
    std::atomic<int> ended{0};
  } c;
  c.count = 2;
  c.run = [](work_item& x, std::size_t first, std::size_t last) noexcept {
    auto& self = static_cast<pair&>(x);
    self.here += static_cast<int>(last - first);
    while (self.here < 2) std::this_thread::yield();
    ++self.ended;
  };
  pool.start(c);
  while (c.ended != 2) std::this_thread::yield();
}

// A long range beside short calls with one worker: they need not wait for its end.
TEST(ranges_in_a_pool, a_long_range_lets_others_in) {
  thread_pool pool{{.workers = 1}};
  std::atomic<int> chunks_at_answer{-1};
  bulk::tally t(20'000);
  auto* const b = new bulk(t, 1);
  b->chunk = 1;
  pool.start(*b);
  pool.submit([&] { chunks_at_answer = t.chunks.load(); }).blocking_get();
  EXPECT_LT(chunks_at_answer, 20'000);
  t.ended.wait(0);
}

}  // namespace
}  // namespace quartet
