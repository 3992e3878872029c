// SPDX-License-Identifier: Apache-2.0
// An observer hears of every piece, and of how it ended.
#include <gtest/gtest.h>
#include <map>
#include <mutex>
#include <stdexcept>

#include <quartet/core/group.hpp>
#include <quartet/core/observer.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

struct tally final : observer {
  void on_added(std::size_t n) noexcept override {
    std::lock_guard const l(lock);
    added += n;
  }
  void on_ended(ending how) noexcept override {
    std::lock_guard const l(lock);
    ++ended[how];
  }
  std::mutex lock;
  std::size_t added = 0;
  std::map<ending, int> ended;
};

}  // namespace

TEST(observer, one_that_overrides_nothing_ignores_everything) {
  observer deaf;
  deaf.on_added(3);
  deaf.on_ended(ending::failed);
}

TEST(observer, hears_of_each_piece_and_its_ending) {
  manual_executor e;
  tally heard;
  auto body = [](group& g) {
    g.spawn([] {});
    g.spawn([]() -> task<> { co_await yield(); });
    g.spawn([] { throw std::runtime_error("broken"); });
    g.spawn([]() -> task<> { co_await sleep_for(1h); });
  };
  auto f = e.submit([&]() -> task<> {
    group_report report;
    group_options const o{.report = &report, .progress = &heard};
    co_await with_group(o, body);
  });
  EXPECT_THROW(f.blocking_get(), std::runtime_error);
  EXPECT_EQ(heard.added, 4u);
  EXPECT_EQ(heard.ended[ending::failed], 1);
  EXPECT_EQ(heard.ended[ending::value] + heard.ended[ending::stopped], 3);
  EXPECT_GE(heard.ended[ending::stopped], 1) << "the sleeper was stopped by the failure";
}

TEST(observer, is_told_from_all_workers_at_once) {
  thread_pool pool({.workers = 3});
  tally heard;
  auto f = pool.submit([&]() -> task<> {
    group_options const o{.progress = &heard};
    co_await with_group(o, [](group& g) {
      for (int i = 0; i < 500; ++i) g.spawn([] {});
    });
  });
  f.blocking_get();
  EXPECT_EQ(heard.added, 500u);
  EXPECT_EQ(heard.ended[ending::value], 500);
}
