// SPDX-License-Identifier: Apache-2.0
// A stop at each checkpoint: what a program loses or leaves behind by it is found and brought back.
#define QUARTET_CHECK 1
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

#include <quartet/core/executor.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/sync/semaphore.hpp>
#include <quartet/test/explore.hpp>

#include "support.hpp"

using namespace quartet;
using explore_test::contains;

namespace {

using working = task<> (*)(semaphore*);

task<> gives_back(semaphore* s) {
  co_await s->acquire();
  struct release {
    semaphore* s;
    ~release() { s->release(); }
  } const at_end{s};
  co_await yield();
}
// Forgets the permit when it is stopped.
task<> keeps(semaphore* s) {
  co_await s->acquire();
  co_await yield();
  s->release();
}
// Forgets what it has made when it is stopped.
task<> leaves(semaphore* s) {
  auto* const mine = new shared<int>(1);
  co_await s->acquire();
  delete mine;
  s->release();
}

// Two that want one permit.
auto permits_are_kept(working work) {
  return [work] {
    semaphore s(1);
    {
      event_loop loop;
      auto a = loop.submit(work, &s), b = loop.submit(work, &s);
      for (auto* f : {&a, &b}) try {
          f->blocking_get();
        } catch (stopped const&) {
        }
    }
    check(s.available() == 1, "the permit is there");
  };
}

explore_failure failure_of(working work, explore_options o) {
  explore_report const r = explore(o, permits_are_kept(work));
  if (!r.failure) throw std::runtime_error("nothing was found: " + r.text());
  return *r.failure;
}

}  // namespace

TEST(explore_stops, a_stop_is_requested_at_each_checkpoint_of_each_schedule) {
  explore_report const r = explore({.schedules = 20, .stops = true}, permits_are_kept(&gives_back));
  EXPECT_TRUE(r.passed()) << r.text();
  EXPECT_EQ(r.stops, r.checkpoints);
  EXPECT_EQ(r.schedules, 21 + r.stops);
  EXPECT_TRUE(contains(r.text(), " checkpoints, with a stop at "));
}

TEST(explore_stops, without_them_no_checkpoint_is_counted_and_no_stop_comes) {
  explore_report const r = explore({.schedules = 20}, permits_are_kept(&keeps));
  EXPECT_TRUE(r.passed()) << r.text();
  EXPECT_EQ(r.checkpoints, 0U);
}

TEST(explore_stops, what_a_stopped_task_loses_is_found_and_comes_back_by_its_token) {
  explore_options const o{.schedules = 20, .stops = true};
  explore_failure const f = failure_of(&keeps, o);
  EXPECT_TRUE(f.kind == "deadlock" || f.kind == "a check failed") << f.kind;
  EXPECT_EQ(f.token.find('@'), 16U) << f.token;
  EXPECT_TRUE(contains(f.story, "\"stop\":")) << f.story;
  for (std::string const& token : {f.token, f.shortest}) {
    explore_report const again = replay(token, permits_are_kept(&keeps), o);
    ASSERT_TRUE(again.failure) << token;
    EXPECT_EQ(again.failure->kind, f.kind);
    EXPECT_EQ(again.failure->token, token);
  }
}

TEST(explore_stops, what_a_stopped_task_leaves_behind_is_found) {
  explore_failure const f = failure_of(&leaves, {.schedules = 20, .stops = true});
  EXPECT_EQ(f.kind, "data left behind");
  EXPECT_TRUE(contains(f.what, "1 were not destroyed")) << f.what;
}

TEST(explore_stops, some_come_at_once_and_some_later) {
  auto const body = [] {
    stop_source s;
    bool const seen = s.token().requested();
    sometimes(seen, "the one who looks sees the stop");
    sometimes(!seen && s.requested(), "the stop comes after the look");
  };
  explore_report const r = explore({.schedules = 50, .stops = true}, body);
  EXPECT_TRUE(r.passed()) << r.text();
}
