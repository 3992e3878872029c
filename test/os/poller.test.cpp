// SPDX-License-Identifier: Apache-2.0
// The poller on pipes and doorbells.
#include <array>
#include <chrono>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <system_error>
#include <unistd.h>

#include <quartet/os/doorbell.hpp>
#include <quartet/os/poller.hpp>
#include <quartet/seam/thread.hpp>

#include "support/recording_machine.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using os::interest;

namespace {

struct pipe_ends {
  os::fd out, in;
  pipe_ends() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) throw std::system_error();
    out.reset(ends[0]);
    in.reset(ends[1]);
  }
};

constexpr time_point at_once{};

}  // namespace

TEST(poller, reports_what_is_ready_with_its_tag) {
  os::poller p;
  pipe_ends pipe;
  int reader = 0, writer = 0;
  p.add(pipe.out.get(), interest::readable | interest::peer_closed, &reader);
  p.add(pipe.in.get(), interest::writable, &writer);
  std::array<os::poll_event, 4> events;
  ASSERT_EQ(p.wait(events, at_once), 1u);
  EXPECT_EQ(events[0].tag(), &writer);
  EXPECT_TRUE(events[0].writable());
  EXPECT_FALSE(events[0].readable());
  p.remove(pipe.in.get());
  ASSERT_EQ(write(pipe.in.get(), "x", 1), 1);
  ASSERT_EQ(p.wait(events, never), 1u);
  EXPECT_EQ(events[0].tag(), &reader);
  EXPECT_TRUE(events[0].readable());
  EXPECT_FALSE(events[0].peer_closed());
  pipe.in.reset();
  ASSERT_EQ(p.wait(events, never), 1u);
  EXPECT_TRUE(events[0].peer_closed());
}

TEST(poller, an_edge_is_reported_once_and_one_shot_after_modify_only) {
  os::poller p;
  os::doorbell edge, shot;
  p.add(edge.descriptor(), interest::readable | interest::edge, &edge);
  p.add(shot.descriptor(), interest::readable | interest::one_shot, &shot);
  edge.ring();
  shot.ring();
  std::array<os::poll_event, 4> events;
  EXPECT_EQ(p.wait(events, never), 2u);
  EXPECT_EQ(p.wait(events, at_once), 0u);
  edge.ring();
  EXPECT_EQ(p.wait(events, never), 1u);
  p.modify(shot.descriptor(), interest::readable | interest::one_shot, &shot);
  ASSERT_EQ(p.wait(events, never), 1u);
  EXPECT_EQ(events[0].tag(), &shot);
}

TEST(poller, waits_at_least_until_the_deadline) {
  os::poller p;
  std::array<os::poll_event, 1> events;
  auto const deadline = after(3ms);
  EXPECT_EQ(p.wait(events, deadline), 0u);
  EXPECT_GE(clock::now(), deadline);
  EXPECT_EQ(p.wait({}, never), 0u) << "no room for events: nothing to wait for";
}

TEST(poller, a_full_array_leaves_the_rest_for_the_next_wait) {
  os::poller p;
  std::array<os::doorbell, 3> bells;
  for (auto& b : bells) {
    p.add(b.descriptor(), interest::readable | interest::edge, &b);
    b.ring();
  }
  std::array<os::poll_event, 2> events;
  EXPECT_EQ(p.wait(events, never), 2u);
  EXPECT_EQ(p.wait(events, never), 1u);
  EXPECT_EQ(p.wait(events, at_once), 0u);
}

TEST(poller, wakes_for_a_bell_rung_by_another_thread) {
  os::poller p;
  os::doorbell bell;
  p.add(bell.descriptor(), interest::readable, &bell);
  seam::thread ringer([&] { bell.ring(); });
  std::array<os::poll_event, 1> events;
  while (p.wait(events, never) == 0) {
  }
  EXPECT_EQ(events[0].tag(), &bell);
}

TEST(poller, pollers_nest) {
  os::poller inner, outer;
  os::doorbell bell;
  inner.add(bell.descriptor(), interest::readable, &bell);
  outer.add(inner.descriptor(), interest::readable, &inner);
  std::array<os::poll_event, 1> events;
  EXPECT_EQ(outer.wait(events, at_once), 0u);
  bell.ring();
  ASSERT_EQ(outer.wait(events, never), 1u);
  EXPECT_EQ(events[0].tag(), &inner);
}

TEST(poller, refuses_what_cannot_be_watched_and_names_the_descriptor) {
  os::poller p;
  os::fd const file(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  EXPECT_THROW(p.add(file.get(), interest::readable, nullptr), std::system_error);
  EXPECT_THROW(p.modify(file.get(), interest::readable, nullptr), std::system_error);
  EXPECT_THROW(p.remove(file.get()), std::system_error);
  try {
    p.add(-1, interest::readable, nullptr);
    FAIL();
  } catch (std::system_error const& e) {
    EXPECT_NE(std::string(e.what()).find("cannot watch descriptor -1"), std::string::npos);
  }
}

TEST(poller, announces_its_wait_and_leaves_it_to_the_machine) {
#if QUARTET_SIM
  struct empty_machine : test::recording_machine {
    int poll(int, epoll_event*, int, time_point) noexcept override { return 0; }
  } m;
  seam::machine_scope const scope(m);
  os::poller p;
  std::array<os::poll_event, 1> events;
  EXPECT_EQ(p.wait(events, never), 0u);
  EXPECT_EQ(m.count(seam::kind::poll, &p), 1u);
  EXPECT_TRUE(m.saw(seam::kind::poll, "poller.test.cpp"));
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}
