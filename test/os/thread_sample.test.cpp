// SPDX-License-Identifier: Apache-2.0
// Samples of threads that go round in a circle, that compute, that are not there.
#include <algorithm>
#include <gtest/gtest.h>
#include <signal.h>
#include <vector>

#include <quartet/os/signals.hpp>
#include <quartet/os/thread_sample.hpp>

#include "looked_at.hpp"

using namespace quartet;
using namespace std::chrono_literals;

namespace {

/// Samples between which the thread has run, and not only handled the signal.
std::vector<os::thread_sample> samples_of(int id, std::size_t n) {
  std::vector<os::thread_sample> all;
  auto last = 0ns;
  for (unsigned refused = 0; all.size() != n && refused != 10;) {
    auto const s = os::thread_sampler::of_process().take(id, 10s);
    if (!s) ++refused;
    if (!s || s->cpu < last) continue;
    last = s->cpu + 200us;
    all.push_back(*s);
  }
  EXPECT_EQ(all.size(), n);
  return all;
}

/// How many of the samples at each instruction are equal to the one before them there.
std::size_t repeats_in(std::vector<os::thread_sample> const& all) {
  std::size_t repeats = 0;
  for (std::size_t i = 0; i != all.size(); ++i)
    for (std::size_t k = i; k-- != 0;)
      if (all[k].code == all[i].code) {
        repeats += all[i].repeats(all[k]) ? 1 : 0;
        break;
      }
  return repeats;
}

}  // namespace

TEST(thread_sample, who_goes_round_in_a_circle_is_found_as_he_was) {
#if defined(QUARTET_TSAN)
  GTEST_SKIP() << "needs a program without thread sanitizer, which counts the rounds";
#endif
  spinning_thread t;
  EXPECT_GE(repeats_in(samples_of(t.id(), 100)), 40u);
}

TEST(thread_sample, who_computes_is_never_found_as_he_was) {
  spinning_thread t([](bool const& end) {
    for (std::uint64_t n = 1; !__atomic_load_n(&end, __ATOMIC_RELAXED); ++n)
      asm volatile("" : "+r"(n));  // in a register
  });
  EXPECT_EQ(repeats_in(samples_of(t.id(), 100)), 0u);
}

TEST(thread_sample, a_thread_that_is_not_there_has_none) {
  EXPECT_FALSE(os::thread_sampler::of_process().take(0x7FFFFFFF, 10s).has_value());
}

TEST(thread_sample, a_thread_that_blocks_the_signal_has_none_and_is_not_waited_for_longer) {
  spinning_thread t([](bool const& end) {
    os::signal_block const all = os::signal_block::all();
    spinning_thread::go_round(end);
  });
  // It may have answered before it blocked the signal.
  while (os::thread_sampler::of_process().take(t.id(), 5ms)) {
  }
  EXPECT_FALSE(os::thread_sampler::of_process().take(t.id(), 5ms).has_value());
  EXPECT_FALSE(os::thread_sampler::of_process().take(t.id(), -5ms).has_value());
  spinning_thread other;
  EXPECT_EQ(samples_of(other.id(), 1).size(), 1u);
}

// Answers come before, while and after the patience ends; each is of the thread that was asked.
TEST(thread_sample, an_answer_that_comes_too_late_is_nobody_elses) {
  spinning_thread one, other;
  std::uintptr_t const stack = samples_of(other.id(), 1).at(0).stack;
  for (int i = 0; i != 200; ++i) {
    (void)os::thread_sampler::of_process().take(one.id(), 0ms);
    auto const s = os::thread_sampler::of_process().take(other.id(), 0ms);
    if (!s) continue;
    EXPECT_LT(s->stack > stack ? s->stack - stack : stack - s->stack, 64u << 10);
  }
  EXPECT_EQ(samples_of(one.id(), 1).size(), 1u);
}

TEST(thread_sample, the_longest_patience_is_no_shorter_than_any) {
  spinning_thread t;
  auto const patience = std::chrono::milliseconds::max();
  EXPECT_TRUE(os::thread_sampler::of_process().take(t.id(), patience).has_value());
}

TEST(thread_sample, a_signal_that_the_program_handles_is_left_alone) {
  spinning_thread t;
  (void)samples_of(t.id(), 1);
  struct sigaction other {};
  struct sigaction ours {};
  other.sa_handler = SIG_IGN;
  ASSERT_EQ(sigaction(SIGURG, &other, &ours), 0);
  EXPECT_FALSE(os::thread_sampler::of_process().take(t.id(), 10s).has_value());
  ASSERT_EQ(sigaction(SIGURG, &ours, nullptr), 0);
  EXPECT_EQ(samples_of(t.id(), 1).size(), 1u);
}
