// SPDX-License-Identifier: Apache-2.0
// Watching descriptors.
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <memory>
#include <sys/resource.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include <quartet/os/doorbell.hpp>
#include <quartet/reactor/watcher.hpp>

#include "support.hpp"

using namespace quartet;
using os::interest;
using test::driven_reactor;

namespace {

/// Counts how often its doorbell was heard.
struct listener : watcher {
  listener()
      : watcher([](watcher& w, os::poll_event e) noexcept {
          auto& self = static_cast<listener&>(w);
          EXPECT_TRUE(e.readable());
          self.bell.drain();
          ++self.heard;
          if (self.victim != nullptr) self.on->unwatch(*self.victim);
        }) {}
  os::doorbell bell;
  int heard = 0;
  watcher* victim = nullptr;  // unwatched when we hear
  reactor* on = nullptr;
};

}  // namespace

TEST(watcher, hears_of_its_descriptor_until_it_is_unwatched) {
  driven_reactor r;
  listener w;
  r.events.watch(w.bell.descriptor(), interest::readable, w);
  EXPECT_FALSE(r.events.quiet());
  r.events.poll_now();
  EXPECT_EQ(w.heard, 0);
  w.bell.ring();
  r.events.wait(never);
  EXPECT_EQ(w.heard, 1);
  w.bell.ring();
  r.events.unwatch(w);
  r.events.unwatch(w);
  r.events.poll_now();
  EXPECT_EQ(w.heard, 1);
  EXPECT_TRUE(r.events.quiet());
}

TEST(watcher, change_tells_what_it_listens_for) {
  driven_reactor r;
  listener w;
  r.events.watch(w.bell.descriptor(), interest::readable, w);
  r.events.change(interest::none, w);
  w.bell.ring();
  r.events.poll_now();
  EXPECT_EQ(w.heard, 0);
  r.events.change(interest::readable, w);
  r.events.wait(never);
  EXPECT_EQ(w.heard, 1);
  r.events.unwatch(w);
}

// Both bells have rung, so both events are fetched at once; whoever comes first unwatches the
// other, which must then hear nothing though its event was there. A third takes its place.
TEST(watcher, unwatched_by_another_it_does_not_hear_an_event_already_fetched) {
  driven_reactor r;
  listener a, b, c;
  for (listener* w : {&a, &b}) {
    w->on = &r.events;
    w->victim = w == &a ? &b : &a;
    r.events.watch(w->bell.descriptor(), interest::readable, *w);
    w->bell.ring();
  }
  r.events.wait(never);
  EXPECT_EQ(a.heard + b.heard, 1);
  r.events.watch(c.bell.descriptor(), interest::readable, c);
  r.events.poll_now();
  EXPECT_EQ(c.heard, 0);
  for (listener* w : {&a, &b, &c}) r.events.unwatch(*w);
}

// Another thread unwatches and destroys while the driver hears: the sanitizers are the oracle.
TEST(watcher, unwatch_from_another_thread_is_final_when_it_returns) {
  driven_reactor r;
  for (int round = 0; round < 200; ++round) {
    auto w = std::make_unique<listener>();
    r.events.watch(w->bell.descriptor(), interest::readable, *w);
    w->bell.ring();
    std::atomic<bool> gone{false};
    std::thread other([&] {
      r.events.unwatch(*w);
      w.reset();
      gone.store(true);
    });
    while (!gone.load()) r.events.poll_now();
    other.join();
  }
}

TEST(watcher, a_busy_task_does_not_keep_it_from_hearing) {
  driven_reactor r;
  listener w;
  r.events.watch(w.bell.descriptor(), interest::readable, w);
  struct again : call {
    reactor* on;
  } busy;
  busy.on = &r.events;
  busy.run = [](work_item& item, std::size_t, std::size_t) noexcept {
    auto& self = static_cast<again&>(item);
    self.on->post(self);
  };
  r.events.post(busy);
  w.bell.ring();
  EXPECT_EQ(r.events.run_ready(64), 64u);
  r.events.wait(never);
  EXPECT_EQ(w.heard, 1) << "wait looks at descriptors though a call is ready";
  busy.run = [](work_item&, std::size_t, std::size_t) noexcept {};
  r.run_all();
  r.events.unwatch(w);
}

TEST(watcher, what_cannot_be_watched_is_an_error_and_leaves_nothing_behind) {
  driven_reactor r;
  listener w;
  EXPECT_THROW(r.events.watch(-1, interest::readable, w), std::system_error);
  EXPECT_TRUE(r.events.quiet());
  r.events.watch(w.bell.descriptor(), interest::readable, w);
  r.events.unwatch(w);
  EXPECT_DEATH(r.events.change(interest::readable, w), "watches nothing");
}

TEST(watcher, one_whose_descriptor_was_closed_can_still_be_unwatched) {
  driven_reactor r;
  listener w;
  int const copy = fcntl(w.bell.descriptor(), F_DUPFD_CLOEXEC, 0);
  r.events.watch(copy, interest::readable, w);
  close(copy);
  r.events.unwatch(w);
  EXPECT_TRUE(r.events.quiet());
}

TEST(watcher, a_reactor_without_descriptors_left_cannot_be_made) {
  // The sanitizer that looks at types opens a pipe for a type that it sees for the first time:
  // it sees this one here, while there are descriptors.
  std::system_error const looked_at(EMFILE, std::generic_category());
  ASSERT_EQ(looked_at.code(), std::errc::too_many_files_open);
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit const none{3, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  EXPECT_THROW(reactor(), std::system_error);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}
