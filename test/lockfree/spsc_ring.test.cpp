// SPDX-License-Identifier: Apache-2.0
// The ring: order, borders, a hammer of two threads, and two processes over shared memory.
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <new>
#include <sys/mman.h>
#include <sys/wait.h>
#include <type_traits>
#include <unistd.h>

#include <quartet/lockfree/spsc_ring.hpp>
#include <quartet/seam/thread.hpp>

#include "support/recording_machine.hpp"

using namespace quartet;
using lockfree::spsc_ring;

namespace {
struct pair {
  std::uint64_t number, check;  // check is derived from number: a torn value shows
};
}  // namespace

TEST(spsc_ring, gives_values_back_in_order_around_the_end) {
  spsc_ring<int, 4> r;
  int got = 0;
  EXPECT_FALSE(r.pop(got));
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(r.push(2 * i));
    ASSERT_TRUE(r.push(2 * i + 1));
    ASSERT_EQ(r.size(), 2u);
    ASSERT_TRUE(r.pop(got));
    ASSERT_EQ(got, 2 * i);
    ASSERT_TRUE(r.pop(got));
    ASSERT_EQ(got, 2 * i + 1);
  }
  EXPECT_TRUE(r.seems_empty());
}

TEST(spsc_ring, a_full_one_refuses_and_takes_again_after_a_pop) {
  spsc_ring<int, 2> r;
  EXPECT_EQ(r.capacity(), 2u);
  EXPECT_TRUE(r.push(1));
  EXPECT_TRUE(r.push(2));
  EXPECT_FALSE(r.push(3));
  int got = 0;
  EXPECT_TRUE(r.pop(got));
  EXPECT_TRUE(r.push(3));
  EXPECT_FALSE(r.push(4));
  EXPECT_TRUE(r.pop(got) && got == 2 && r.pop(got) && got == 3);
}

// Every number arrives once, whole and in order; nothing else is to be said of a queue.
TEST(spsc_ring, two_threads_hand_every_value_over_whole_and_in_order) {
  constexpr std::uint64_t count = 100'000;
  auto const r = std::make_unique<spsc_ring<pair, 64>>();
  seam::thread producer([&] {
    for (std::uint64_t i = 0; i < count; ++i)
      while (!r->push({i, ~i})) seam::yield_thread();
  });
  for (std::uint64_t i = 0; i < count; ++i) {
    pair got{};
    while (!r->pop(got)) seam::yield_thread();
    ASSERT_EQ(got.number, i);
    ASSERT_EQ(got.check, ~i);
  }
  EXPECT_TRUE(r->seems_empty());
}

TEST(spsc_ring, works_between_processes_and_zeroed_memory_is_empty) {
  using ring = spsc_ring<pair, 16>;
  static_assert(std::is_standard_layout_v<ring> && std::is_trivially_destructible_v<ring>);
  constexpr std::uint64_t count = 5'000;
  void* const shared =
      mmap(nullptr, sizeof(ring), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(shared, MAP_FAILED);
  auto* const r = static_cast<ring*>(shared);  // not even constructed
  pid_t const child = fork();
  if (child == 0) {
    for (std::uint64_t i = 0; i < count; ++i)
      while (!r->push({i, ~i})) sched_yield();
    _exit(0);
  }
  bool right = true;
  for (std::uint64_t i = 0; i < count; ++i) {
    pair got{};
    while (!r->pop(got)) sched_yield();
    right = right && got.number == i && got.check == ~i;
  }
  EXPECT_TRUE(right);
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  munmap(shared, sizeof(ring));
}

TEST(spsc_ring, indices_that_a_peer_has_ruined_reach_nothing_outside) {
  using ring = spsc_ring<int, 8>;
  alignas(ring) std::byte room[sizeof(ring)];
  std::memset(room, 0xEE, sizeof room);
  auto* const r = reinterpret_cast<ring*>(room);
  int got = 0;
  for (int i = 0; i < 100; ++i) {
    r->push(i);
    r->pop(got);
  }
  EXPECT_LE(r->size(), 8u);
}

TEST(spsc_ring, the_announced_form_names_each_step) {
#if QUARTET_SIM
  test::recording_machine m;
  seam::machine_scope const scope(m);
  lockfree::basic_spsc_ring<int, 4, seam::announced> r;
  int got = 0;
  EXPECT_TRUE(r.push(1));
  EXPECT_TRUE(r.pop(got));
  EXPECT_EQ(m.count(seam::kind::store), 2u);
  EXPECT_TRUE(m.saw(seam::kind::load, "lockfree/spsc_ring.hpp"));
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}
