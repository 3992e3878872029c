// SPDX-License-Identifier: Apache-2.0
// Bodies that go too far: each works, or gives a clear report.
#define QUARTET_CHECK 1
#include <csignal>
#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/test/explore.hpp>

#include "sanitized.hpp"
#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using explore_test::contains;

namespace {

void others_may_run() {
  seam::atomic<int> n{0};
  n.fetch_add(1, seam::relaxed);
}

// Deeper than any stack.
int down(int depth) {  // NOLINT(misc-no-recursion)
  int volatile room[64] = {depth};
  return room[0] == 0 ? 0 : down(depth + 1) + room[0];
}

}  // namespace

TEST(bad_input, a_stack_overflow_is_a_crash_that_says_so) {
  explore_report const r = explore({.schedules = 10, .minimise = false, .hang_after = 10s}, [] {
    seam::thread a(
        [] {
          others_may_run();
          static_cast<void>(down(1));
        },
        "deep");
  });
  ASSERT_TRUE(r.failure);
  EXPECT_NE(r.failure->kind, "a hang");
  EXPECT_EQ(r.failure->token.size(), 16U);
  if (detail::sanitized) return;  // which say it in their own words
  EXPECT_TRUE(contains(r.failure->kind, "a crash, Segmentation fault")) << r.text();
  EXPECT_TRUE(contains(r.failure->what,
                       "stack overflow: thread \"deep\" needs more than the 256 "
                       "KiB that a simulated thread has; its last operation was"))
      << r.text();
}

TEST(bad_input, a_crash_of_another_kind_does_not_say_so) {
  auto const nowhere = [] {
    int volatile* volatile p = nullptr;
    *p = 1;  // NOLINT(clang-analyzer-core.NullDereference): it is what is tested
  };
  auto const sent = [] { raise(SIGSEGV); };
  for (explore_report const& r : {explore({.schedules = 10, .minimise = false}, nowhere),
                                  explore({.schedules = 10, .minimise = false}, sent)}) {
    ASSERT_TRUE(r.failure);
    EXPECT_FALSE(contains(r.failure->what, "stack overflow: thread")) << r.text();
  }
}

TEST(bad_input, ten_thousand_threads_work) {
#if defined(QUARTET_TSAN)
  GTEST_SKIP() << "needs more threads than thread sanitizer can tell apart";
#endif
  explore_report const r = explore({.schedules = 1}, [] {
    std::vector<seam::thread> all;
    seam::atomic<int> n{0};
    for (int i = 0; i != 10'000; ++i) all.emplace_back([&] { n.fetch_add(1, seam::relaxed); });
    all.clear();
    check(n.load(seam::relaxed) == 10'000);
  });
  EXPECT_TRUE(r.passed()) << r.text();
  EXPECT_EQ(r.schedules, 2U);
}

TEST(bad_input, threads_without_memory_for_their_stacks_say_what_is_missing) {
  if (detail::sanitized) GTEST_SKIP() << "needs an allocator that lives without new mappings";
  explore_report const r = explore({.schedules = 1, .minimise = false}, [] {
    // Every second page, so that the system cannot join them, until it refuses.
    auto const page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    std::size_t const pages = 200'000;
    auto* const all = static_cast<char*>(
        mmap(nullptr, pages * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    for (std::size_t i = 0; i < pages; i += 2)
      if (mprotect(all + i * page, page, PROT_READ) != 0) break;
    seam::thread a([] {}), b([] {}), c([] {});
  });
  if (!r.failure) GTEST_SKIP() << "needs a system that limits the mappings of a process";
  EXPECT_EQ(r.failure->kind, "an exception") << r.text();
  EXPECT_TRUE(contains(r.failure->what, "cannot make a stack for a simulated thread")) << r.text();
  EXPECT_TRUE(contains(r.failure->what, "max_map_count")) << r.text();
}

TEST(bad_input, an_address_that_decides_is_reported_or_brought_back) {
  // Exploring processes share a layout, but not the history of the heap.
  auto const body = [] {
    auto const mine = std::make_unique<int>(0);
    seam::atomic<int> n{0};
    for (auto i = reinterpret_cast<std::uintptr_t>(mine.get()) / 16 % 7; i != 0; --i)
      n.store(1, seam::relaxed);
    seam::thread a([&] { n.store(2, seam::relaxed); });
    check(n.load(seam::relaxed) != 2, "the thread comes later");
  };
  explore_report const r = explore({.schedules = 200}, body);
  ASSERT_TRUE(r.failure);
  if (r.failure->kind == "nondeterminism that nobody controls") return;
  EXPECT_EQ(r.failure->kind, "a check failed") << r.text();
  EXPECT_TRUE(replay(r.failure->token, body).failure);
}

TEST(bad_input, a_thread_local_number_is_shared) {
  explore_report const r = explore({.schedules = 50}, [] {
    thread_local int mine = 0;
    mine = 0;
    seam::atomic<int> most{0};
    {
      auto const use = [&] {
        ++mine;
        others_may_run();
        if (mine == 2) most.store(2, seam::relaxed);
      };
      seam::thread a(use), b(use);
    }
    check(most.load(seam::relaxed) == 0, "each thread has its own");
  });
  // With a compiler that gives each simulated thread its own, this is to be turned round.
  ASSERT_TRUE(r.failure);
  EXPECT_EQ(r.failure->kind, "a check failed") << r.text();
}

TEST(bad_input, exceptions_in_flight_stay_with_their_threads) {
  explore_report const r = explore({.schedules = 300}, [] {
    auto const fails = [](char const* mine) {
      return [mine] {
        try {
          others_may_run();
          throw std::runtime_error(mine);
        } catch (std::runtime_error const&) {
          others_may_run();
          check(std::uncaught_exceptions() == 0);
          try {
            others_may_run();
            throw;
          } catch (std::runtime_error const& again) {
            others_may_run();
            check(std::string(again.what()) == mine, "it is mine");
          }
        }
      };
    };
    seam::thread a(fails("a")), b(fails("b")), c(fails("c"));
  });
  EXPECT_TRUE(r.passed()) << r.text();
}

TEST(bad_input, a_destructor_that_switches_while_an_exception_is_thrown) {
  explore_report const r = explore({.schedules = 300}, [] {
    struct switches {
      int before = std::uncaught_exceptions();
      ~switches() {
        others_may_run();
        check(std::uncaught_exceptions() == before + 1, "mine is in flight, and no other");
      }
    };
    auto const fails = [] {
      try {
        switches const s;
        throw std::runtime_error("away");
      } catch (std::runtime_error const&) {
        others_may_run();
      }
    };
    seam::thread a(fails), b(fails);
  });
  EXPECT_TRUE(r.passed()) << r.text();
}
