// SPDX-License-Identifier: Apache-2.0
// Threads of the machine: joined, named, on the machine of who started them.
#include <gtest/gtest.h>
#include <memory>
#include <pthread.h>
#include <string>
#include <system_error>
#include <utility>

#include <quartet/seam/context.hpp>
#include <quartet/seam/thread.hpp>

#include "support/recording_machine.hpp"

using namespace quartet;

TEST(thread, is_joined_at_the_end_of_its_scope_and_sees_what_came_before) {
  int value = 1;
  {
    seam::thread t([&] { value += 41; });
    EXPECT_TRUE(t.joinable());
  }
  EXPECT_EQ(value, 42);
}

TEST(thread, moves_and_owns_a_callable_that_only_moves) {
  int got = 0;
  auto box = std::make_unique<int>(7);
  seam::thread a([&got, box = std::move(box)] { got = *box; });
  seam::thread b(std::move(a));
  EXPECT_FALSE(a.joinable());  // NOLINT(bugprone-use-after-move): that is what is tested
  b.join();
  EXPECT_FALSE(b.joinable());
  EXPECT_EQ(got, 7);
  int other = 0;
  b = seam::thread([&] { got = 8; });
  b = seam::thread([&] { other = 9; });  // assignment joins the one before
  EXPECT_EQ(got, 8);
  b.join();
  EXPECT_EQ(other, 9);
}

TEST(thread, has_the_name_that_was_given_cut_to_what_the_kernel_holds) {
  char name[16] = {};
  seam::thread([&] { pthread_getname_np(pthread_self(), name, sizeof name); },
               "a name that is far too long")
      .join();
  EXPECT_EQ(std::string(name), "a name that is ");
}

TEST(thread, runs_on_the_machine_of_who_started_it_and_announces_start_and_join) {
#if QUARTET_SIM
  test::recording_machine m;
  seam::machine* inside = nullptr;
  {
    seam::machine_scope const scope(m);
    seam::thread t([&] {
      inside = &seam::this_machine();
      seam::yield_thread();
      seam::entropy();
    });
    t.join();
    EXPECT_EQ(m.count(seam::kind::thread_start, &t), 1u);
    EXPECT_EQ(m.count(seam::kind::thread_join, &t), 1u);
  }
  EXPECT_EQ(inside, &m);
  EXPECT_TRUE(m.saw(seam::kind::thread_start, "thread.test.cpp"));
  EXPECT_TRUE(m.saw(seam::kind::thread_yield, "thread.test.cpp"));
  EXPECT_TRUE(m.saw(seam::kind::entropy, "thread.test.cpp"));
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}

TEST(thread, a_machine_that_refuses_another_thread_is_an_error_and_leaks_nothing) {
#if QUARTET_SIM
  struct : test::recording_machine {
    seam::thread_handle* start_thread(void (*)(void*), void*, char const*) override {
      throw std::system_error(EAGAIN, std::generic_category(), "cannot start another thread");
    }
  } m;
  seam::machine_scope const scope(m);
  auto const kept = std::make_shared<int>(1);
  EXPECT_THROW(seam::thread([kept] {}), std::system_error);
  EXPECT_EQ(kept.use_count(), 1);
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}

TEST(thread, entropy_differs_from_call_to_call) {
  EXPECT_NE(seam::entropy(), seam::entropy());
  seam::pause();
}
