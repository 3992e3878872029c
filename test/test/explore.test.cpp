// SPDX-License-Identifier: Apache-2.0
// Exploring: what fails is found, explained, shortened and brought back; what does not stays
// silent.
#define QUARTET_CHECK 1
#include <csignal>
#include <cstdlib>
#include <gtest/gtest.h>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <unistd.h>

#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/invariant.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/sync/channel.hpp>
#include <quartet/sync/event.hpp>
#include <quartet/sync/mutex.hpp>
#include <quartet/test/explore.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

void opposite_locks() {
  seam::mutex a, b;
  auto const both = [](seam::mutex& first, seam::mutex& second) {
    first.lock();
    second.lock();
    second.unlock();
    first.unlock();
  };
  seam::thread x([&] { both(a, b); }, "left");
  seam::thread y([&] { both(b, a); }, "right");
}

void lost_update() {
  shared<int> n{0};
  seam::thread a([&] { ++n; }, "adds");
  seam::thread b([&] { n += 2; }, "adds two");
}

void half_withdrawal() {
  seam::mutex m;
  shared<int> balance{100};
  auto const withdraw = [&] {
    m.lock();
    bool const covered = balance >= 100;
    m.unlock();
    m.lock();
    if (covered) balance -= 100;
    check(balance >= 0, "the balance is not negative");
    m.unlock();
  };
  seam::thread a(withdraw, "a"), b(withdraw, "b");
}

bool contains(std::string const& text, char const* what) { return text.find(what) != text.npos; }

/// The failure that must be there, and whose number must bring it back.
template <class F> explore_failure failure_of(F body, explore_options const& o = {}) {
  explore_report const r = explore(o, body);
  if (!r.failure) {
    ADD_FAILURE() << r.text();
    return {};
  }
  EXPECT_FALSE(r.passed());
  for (std::string const& token : {r.failure->token, r.failure->shortest}) {
    explore_report const again = replay(token, body, o);
    EXPECT_TRUE(again.failure) << token << "\n" << r.text();
    if (again.failure) {
      EXPECT_EQ(again.failure->kind, r.failure->kind);
    }
  }
  return *r.failure;
}

}  // namespace

TEST(explore, what_is_right_passes_and_says_how_much_was_tried) {
  explore_report const r = explore({.schedules = 300}, [] {
    seam::mutex m;
    shared<int> n{0};
    auto const count = [&] {
      seam::guard g(m);
      ++n;
    };
    { seam::thread a(count), b(count); }
    check(n == 2);
  });
  EXPECT_TRUE(r.passed()) << r.text();
  EXPECT_EQ(r.schedules, 301U);  // and the measuring one
  EXPECT_GE(r.classes, 2U);
  EXPECT_TRUE(contains(r.text(), "incomplete"));
}

TEST(explore, a_deadlock_is_explained) {
  explore_failure const f = failure_of(opposite_locks);
  EXPECT_EQ(f.kind, "deadlock");
  EXPECT_TRUE(contains(f.what, "a cycle: \"left\" -> \"right\" -> \"left\"")) << f.what;
  EXPECT_TRUE(contains(f.what, "\"left\" waits for lock #")) << f.what;
  EXPECT_TRUE(contains(f.what, "which \"right\" holds")) << f.what;
  EXPECT_TRUE(contains(f.what, "explore.test.cpp:")) << f.what;
  EXPECT_LE(f.switches, 2U) << f.shortest;  // none of which can be missed
  EXPECT_TRUE(contains(f.story, "\"left\":\n")) << f.story;
  EXPECT_TRUE(contains(f.story, "seam::mutex::lock")) << f.story;
}

TEST(explore, a_deadlock_of_tasks_names_the_tasks) {
  for (bool const on_pool : {false, true}) {
    explore_failure const f = failure_of([on_pool] {
      mutex a, b;
      auto const both = [](mutex* first, mutex* second) -> task<> {
        auto const one = co_await first->scoped_lock();
        co_await yield();
        auto const two = co_await second->scoped_lock();
      };
      auto const cross = [&](auto& ex) {
        auto x = ex.submit(submit_options{.name = "left"}, both, &a, &b);
        auto y = ex.submit(submit_options{.name = "right"}, both, &b, &a);
        x.blocking_get();
        y.blocking_get();
      };
      if (on_pool) {
        thread_pool pool({.workers = 2});
        cross(pool);
      } else {
        event_loop loop;
        cross(loop);
      }
    });
    EXPECT_EQ(f.kind, "deadlock");
    EXPECT_TRUE(contains(f.what, "\"left\" -> \"right\" -> \"left\"") ||
                contains(f.what, "\"right\" -> \"left\" -> \"right\""))
        << f.what;
    EXPECT_TRUE(contains(f.what, "\"left\" waits for lock #")) << f.what;
    EXPECT_TRUE(contains(f.what, "which \"right\" holds, holds lock #")) << f.what;
    EXPECT_TRUE(contains(f.what, "explore.test.cpp:")) << f.what;
  }
}

TEST(explore, a_task_that_nobody_resumes_is_named) {
  explore_failure const f = failure_of([] {
    event never_set;
    event_loop loop;
    auto const waits = [](event* e) -> task<> { co_await e->wait(); };
    loop.submit(submit_options{.name = "patient"}, waits, &never_set).blocking_get();
  });
  EXPECT_EQ(f.kind, "deadlock");
  EXPECT_TRUE(contains(f.what, "\"patient\" waits at ")) << f.what;
  EXPECT_TRUE(contains(f.what, "explore.test.cpp:")) << f.what;
}

TEST(explore, a_race_names_both_lines) {
  explore_failure const f = failure_of(lost_update);
  EXPECT_EQ(f.kind, "data race");
  EXPECT_TRUE(contains(f.what, "\"adds\" writes at ")) << f.what;
  EXPECT_TRUE(contains(f.what, "\"adds two\" writes at ")) << f.what;
  EXPECT_TRUE(contains(f.what, "explore.test.cpp:")) << f.what;
  EXPECT_TRUE(contains(f.what, "holds no lock")) << f.what;
}

TEST(explore, a_failed_check_is_shortened) {
  explore_failure const f = failure_of(half_withdrawal);
  EXPECT_EQ(f.kind, "a check failed");
  EXPECT_TRUE(contains(f.what, "the balance is not negative")) << f.what;
  EXPECT_LE(f.switches, 2U);
  EXPECT_NE(f.token, f.shortest);
}

TEST(explore, threads_that_a_failure_does_not_need_are_left_out) {
  explore_failure const f = failure_of([] {
    seam::atomic<int> written{0};
    seam::mutex a, b;
    auto const writes = [&] { written.fetch_add(1, seam::relaxed); };
    auto const both = [](seam::mutex& first, seam::mutex& second) {
      seam::guard one(first);
      seam::guard two(second);
    };
    seam::thread w(writes, "writes"), x(writes), y(writes), z(writes);
    seam::thread left([&] { both(a, b); }, "left"), right([&] { both(b, a); }, "right");
  });
  EXPECT_EQ(f.kind, "deadlock");
  EXPECT_EQ(f.left_out, 4U) << f.shortest;
  EXPECT_LE(f.switches, 2U) << f.shortest;
  EXPECT_FALSE(contains(f.story, "\"writes")) << f.story;
}

TEST(explore, a_thread_that_the_body_counts_on_is_not_left_out) {
  explore_failure const f = failure_of([] {
    seam::atomic<int> n{0};
    auto const adds = [&] { n.store(n.load(seam::acquire) + 1, seam::release); };
    { seam::thread a(adds), b(adds), c(adds); }
    check(n.load(seam::acquire) == 3, "none is lost");
  });
  EXPECT_EQ(f.kind, "a check failed");
  EXPECT_EQ(f.left_out, 0U) << f.shortest;
}

TEST(explore, the_story_says_when_the_failure_became_inevitable) {
  explore_failure const f = failure_of(opposite_locks);
  ASSERT_TRUE(f.inevitable_after);
  std::size_t const lost = f.story.find("   from here on every continuation");
  ASSERT_NE(lost, f.story.npos) << f.story;
  // Once each has its first lock, and no sooner: the step of the second one is the last before it.
  std::string const before = f.story.substr(0, lost);
  EXPECT_TRUE(contains(before, "\"left\":\n")) << f.story;
  EXPECT_TRUE(contains(before, "\"right\":\n")) << f.story;
  std::size_t const last_line = before.rfind('\n', before.size() - 2);
  EXPECT_TRUE(contains(before.substr(last_line + 1), "seam::mutex::lock")) << f.story;
}

TEST(explore, a_broken_invariant_names_the_step_that_broke_it) {
  explore_failure const f = failure_of([] {
    seam::atomic<int> inside{0};
    invariant const alone([&] { return inside.load(seam::relaxed) < 2; }, "one at a time");
    auto const enter = [&] {
      while (inside.load(seam::relaxed) != 0) {
      }
      inside.fetch_add(1, seam::relaxed);
      inside.fetch_sub(1, seam::relaxed);
    };
    seam::thread a(enter), b(enter);
  });
  EXPECT_EQ(f.kind, "a broken invariant");
  EXPECT_TRUE(contains(f.what, "one at a time, at ")) << f.what;
  EXPECT_TRUE(contains(f.what, "fetch_")) << f.what;
  EXPECT_TRUE(contains(f.what, "explore.test.cpp:")) << f.what;
  EXPECT_LE(f.switches, 3U);
}

TEST(explore, an_exception_out_of_the_body_is_a_failure) {
  explore_failure const f = failure_of([] { throw std::runtime_error("no more tea"); });
  EXPECT_EQ(f.kind, "an exception");
  EXPECT_TRUE(contains(f.what, "no more tea"));
}

TEST(explore, a_crash_is_a_failure_with_a_number) {
  explore_failure const f = failure_of([] {
    seam::atomic<int> stage{0};
    seam::thread a([&] { stage.store(1, seam::relaxed); });
    seam::thread b([&] {
      if (stage.load(seam::relaxed) == 1) raise(SIGKILL);
    });
  });
  EXPECT_TRUE(contains(f.kind, "a crash, Killed")) << f.kind;
  EXPECT_TRUE(contains(f.story, "load")) << f.story;
}

TEST(explore, the_end_of_the_process_is_a_failure) {
  explore_failure const f = failure_of([] { _exit(3); });
  EXPECT_EQ(f.kind, "the process ended with code 3");
}

TEST(explore, an_assertion_shows_its_words) {
  explore_failure const f = failure_of([] { QUARTET_ASSERT(false, "the roof leaks"); });
  EXPECT_TRUE(contains(f.what, "the roof leaks")) << f.what;
}

TEST(explore, a_step_that_does_not_come_back_is_a_hang) {
  explore_failure const f = failure_of(
      [] {
        for (bool volatile goes_on = true; goes_on;) {
        }
      },
      {.hang_after = 300ms});
  EXPECT_EQ(f.kind, "a hang");
}

TEST(explore, a_run_without_end_is_a_failure) {
  explore_failure const f = failure_of(
      [] {
        seam::atomic<bool> never_set{false};
        while (!never_set.load(seam::relaxed)) {
        }
      },
      {.points_max = 10'000});
  EXPECT_EQ(f.kind, "a run without an end");
}

TEST(explore, a_wake_up_that_is_lost_behind_a_deadline_is_a_stall) {
  auto const body = [] {
    channel<int> c(1);
    seam::thread receives([&] {
      try {
        static_cast<void>(c.blocking_recv_for(10s));
      } catch (timed_out const&) {
      }
    });
  };
  EXPECT_EQ(failure_of(body).kind, "stall");
  EXPECT_TRUE(explore({.schedules = 10, .stall_min = duration::max()}, body).passed());
}

TEST(explore, a_thread_that_is_left_behind_is_a_failure) {
  explore_failure const f = failure_of([] {
    static std::unique_ptr<seam::thread> kept;
    auto const word = std::make_shared<seam::futex_word>(0);
    kept.release();
    kept = std::make_unique<seam::thread>([word] { seam::futex_wait(*word, 0); }, "left");
  });
  EXPECT_EQ(f.kind, "a thread left behind");
  EXPECT_TRUE(contains(f.what, "\"left\" waits at")) << f.what;
}

TEST(explore, what_the_simulator_does_not_decide_is_reported_as_that) {
  int runs = 0;
  explore_report const r = explore({.schedules = 100}, [&] {
    seam::atomic<int> n{0};
    for (int i = 0; i != runs; ++i) n.store(i, seam::relaxed);
    ++runs;
    check(runs != 50);
  });
  ASSERT_TRUE(r.failure);
  EXPECT_EQ(r.failure->kind, "nondeterminism that nobody controls");
}

TEST(explore, goals_that_no_run_reached_are_named) {
  auto const body = [] {
    seam::atomic<int> n{0};
    seam::thread a([&] { n.fetch_add(1, seam::relaxed); });
    sometimes(n.load(seam::relaxed) == 1, "the thread is first");
    sometimes(n.load(seam::relaxed) == 7, "there are seven");
  };
  explore_report const r = explore({.schedules = 100}, body);
  ASSERT_EQ(r.unreached.size(), 1U) << r.text();
  EXPECT_TRUE(contains(r.unreached[0], "there are seven"));
  EXPECT_FALSE(r.passed());
  EXPECT_TRUE(contains(r.text(), "never came true: there are seven"));
}

TEST(explore, every_schedule_of_a_small_body_is_tried_and_the_report_says_so) {
  auto const counts = [] {
    seam::mutex m;
    shared<int> n{0};
    auto const count = [&] {
      seam::guard g(m);
      ++n;
    };
    seam::thread a(count), b(count);
  };
  explore_report const all = explore({.exhaustive = true}, counts);
  EXPECT_TRUE(all.passed()) << all.text();
  EXPECT_EQ(all.how, coverage::complete) << all.text();
  EXPECT_TRUE(contains(all.text(), "complete\n")) << all.text();
  explore_report const bounded = explore({.exhaustive = true, .preemptions_max = 1}, counts);
  EXPECT_EQ(bounded.how, coverage::complete_to_bound) << bounded.text();
  explore_report const few = explore({.schedules = 1, .exhaustive = true}, counts);
  EXPECT_EQ(few.how, coverage::incomplete) << few.text();
}

TEST(explore, what_an_exhaustive_search_finds_comes_back_by_its_token) {
  explore_failure const f = failure_of(half_withdrawal, {.exhaustive = true});
  EXPECT_EQ(f.kind, "a check failed");
  EXPECT_EQ(failure_of(opposite_locks, {.exhaustive = true}).kind, "deadlock");
}

// Each alone is fine; the invariant looks between steps that have nothing to do with each other.
TEST(explore, an_exhaustive_search_for_a_broken_invariant_leaves_no_order_out) {
  explore_failure const f = failure_of(
      [] {
        seam::atomic<int> a{0}, b{0};
        invariant const together(
            [&] { return !(a.load(seam::relaxed) == 1 && b.load(seam::relaxed) == 0); }, "b first");
        seam::thread x([&] { a.store(1, seam::relaxed); });
        seam::thread y([&] { b.store(1, seam::relaxed); });
      },
      {.exhaustive = true});
  EXPECT_EQ(f.kind, "a broken invariant");
}

TEST(explore, an_exhaustive_search_notices_a_body_that_does_not_repeat_itself) {
  int runs = 0;
  explore_report const r = explore({.exhaustive = true}, [&] {
    seam::atomic<int> n{0};
    int const steps = 1 + ++runs % 3;
    auto const counts = [&] {
      for (int i = 0; i != steps; ++i) n.fetch_add(1, seam::relaxed);
    };
    seam::thread a(counts), b(counts);
  });
  ASSERT_TRUE(r.failure);
  EXPECT_EQ(r.failure->kind, "nondeterminism that nobody controls");
}

TEST(explore, several_explorers_share_the_schedules) {
  explore_report const r =
      explore({.schedules = 200, .explorers = 3}, [] { seam::thread a([] {}), b([] {}); });
  EXPECT_TRUE(r.passed()) << r.text();
  EXPECT_EQ(r.schedules, 203U);
  EXPECT_EQ(failure_of(half_withdrawal, {.explorers = 2}).kind, "a check failed");
}

TEST(explore, faults_strike_where_the_program_says_they_may) {
  auto const body = [] { check(!fault_point("the disk is full")); };
  EXPECT_TRUE(explore({.schedules = 100}, body).passed());
  EXPECT_EQ(failure_of(body, {.faults_percent = 25}).kind, "a check failed");
}

TEST(explore, after_the_faults_the_program_must_recover) {
  auto const body = [](bool gives_up) {
    seam::atomic<bool> written{false};
    seam::thread writer([&] {
      auto const write = [&] {
        bool const full = fault_point("the disk is full");
        if (!full) written.store(true, seam::relaxed);
        return !full;
      };
      if (!write() && gives_up) return;
      faults_end();
      write();
    });
    writer.join();
    check(written.load(seam::relaxed), "it is written in the end");
  };
  auto const recovers = [&] { body(false); };
  explore_report const r = explore({.schedules = 300, .faults_percent = 50}, recovers);
  EXPECT_TRUE(r.passed()) << r.text();
  auto const gives_up = [&] { body(true); };
  explore_failure const f = failure_of(gives_up, {.faults_percent = 50});
  EXPECT_TRUE(contains(f.what, "it is written in the end")) << f.what;
}

TEST(explore, a_wait_may_end_for_no_reason) {
  auto const body = [] {
    seam::mutex m;
    seam::condition news;
    bool there = false;
    seam::thread waits([&] {
      seam::guard g(m);
      if (!there) news.wait(m);
      check(there, "what was waited for is there");
    });
    seam::thread tells([&] {
      seam::guard g(m);
      there = true;
      news.notify_one();
    });
  };
  explore_failure const f = failure_of(body);
  EXPECT_EQ(f.kind, "a check failed");
  EXPECT_TRUE(contains(f.story, "wakes for no reason")) << f.story;
  EXPECT_TRUE(explore({.schedules = 1000, .surprises = false}, body).passed());
}

TEST(explore, a_weak_compare_exchange_may_fail_for_no_reason) {
  auto const body = [](bool again) {
    seam::atomic<int> n{0};
    int seen = 0;
    do {
      if (n.compare_exchange_weak(seen, 1, seam::relaxed, seam::relaxed)) break;
    } while (again);
    check(n.load(seam::relaxed) == 1);
  };
  auto const once = [&] { body(false); };
  explore_failure const f = failure_of(once);
  EXPECT_TRUE(contains(f.story, "fails for no reason")) << f.story;
  EXPECT_TRUE(explore({.schedules = 1000, .surprises = false}, once).passed());
  EXPECT_TRUE(explore({.schedules = 1000}, [&] { body(true); }).passed());
}

TEST(explore, memory_for_a_coroutine_may_run_out) {
  auto const body = [] {
    event_loop loop;
    auto f = loop.submit([]() -> task<int> { co_return 1; });
    try {
      check(f.blocking_get() == 1);
    } catch (std::bad_alloc const&) {
      check(false, "there was no memory");
    }
  };
  explore_failure const f = failure_of(body, {.memory_faults_percent = 10});
  EXPECT_TRUE(contains(f.what, "there was no memory")) << f.what;
  EXPECT_TRUE(contains(f.story, "no memory  ")) << f.story;
  EXPECT_TRUE(explore({.schedules = 300}, body).passed());
}

TEST(explore, a_thread_may_take_its_time) {
  auto const body = [] {
    seam::mutex m;
    seam::condition news;
    bool there = false;
    seam::thread tells([&] {
      seam::guard g(m);
      there = true;
      news.notify_one();
    });
    seam::guard g(m);
    time_point const until = clock::now() + 1ms;
    while (!there && news.wait(m, until) != seam::wake::timed_out) continue;
    check(there, "no time is needed for it");
  };
  explore_failure const f = failure_of(body, {.slow_percent = 5});
  EXPECT_TRUE(contains(f.story, "takes its time")) << f.story;
  EXPECT_TRUE(explore({.schedules = 1000}, body).passed());
}

TEST(explore, uses_of_data_may_be_decisions) {
  auto const body = [] {
    seam::atomic<int> n{0};
    shared<int> mine{0};
    seam::thread a([&] { n.store(n.load(seam::relaxed) + 1, seam::relaxed); });
    ++mine;
  };
  EXPECT_TRUE(explore({.schedules = 50, .uses_decide = true}, body).passed());
}

TEST(explore, the_real_pool_is_explored) {
  explore_report const r = explore({.schedules = 100}, [] {
    thread_pool pool({.workers = 2});
    check(pool.submit([] { return 20; }).blocking_get() == 20);
  });
  EXPECT_TRUE(r.passed()) << r.text();
}

TEST(explore, the_environment_brings_one_schedule_back) {
  explore_failure const f = failure_of(opposite_locks);
  ASSERT_EQ(setenv("QUARTET_SEED", f.token.c_str(), 1), 0);
  explore_report const r = explore(opposite_locks);
  unsetenv("QUARTET_SEED");
  ASSERT_TRUE(r.failure);
  EXPECT_EQ(r.failure->kind, "deadlock");
  EXPECT_EQ(r.schedules, 1U);
}

TEST(explore, the_environment_asks_for_more_schedules_and_for_others) {
  auto const seeds = [] {
    return explore({.schedules = 10}, [] { seam::thread a([] {}), b([] {}); }).schedules;
  };
  EXPECT_EQ(seeds(), 11U);
  ASSERT_EQ(setenv("QUARTET_TIMES", "3", 1), 0);
  EXPECT_EQ(seeds(), 31U);
  unsetenv("QUARTET_TIMES");
  std::string const usual = failure_of(half_withdrawal).token;
  ASSERT_EQ(setenv("QUARTET_FRESH", "12345", 1), 0);
  explore_report const fresh = explore(half_withdrawal);
  unsetenv("QUARTET_FRESH");
  ASSERT_TRUE(fresh.failure);
  if (fresh.failure->schedule != 1) {  // the measuring run is always the same
    EXPECT_NE(fresh.failure->token, usual);
  }
}

TEST(explore, a_token_that_is_none_is_refused_in_words) {
  for (char const* const bad :
       {"", "abc", "8f2a91c04417aa0z", "8f2a91c04417aa02/x", "8f2a91c04417aa021",
        "8f2a91c04417aa02@", "8f2a91c04417aa02@0", "8f2a91c04417aa02@x/t1.6-2"})
    try {
      static_cast<void>(replay(bad, opposite_locks));
      ADD_FAILURE() << bad;
    } catch (std::invalid_argument const& e) {
      EXPECT_TRUE(contains(e.what(), "sixteen hex digits")) << e.what();
    }
}
