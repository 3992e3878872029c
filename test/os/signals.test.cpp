// SPDX-License-Identifier: Apache-2.0
// Masks and actions come back as they were.
#include <gtest/gtest.h>
#include <pthread.h>

#include <quartet/os/signals.hpp>

using quartet::os::signal_block;
using quartet::os::signal_ignore;

namespace {

bool blocked(int signal) {
  sigset_t now;
  pthread_sigmask(SIG_SETMASK, nullptr, &now);
  return sigismember(&now, signal) == 1;
}

void (*action(int signal))(int) {
  struct sigaction now {};
  sigaction(signal, nullptr, &now);
  return now.sa_handler;
}

}  // namespace

TEST(signals, a_block_ends_with_its_scope_and_nests) {
  ASSERT_FALSE(blocked(SIGUSR1));
  {
    signal_block const outer{SIGUSR1, SIGUSR2};
    EXPECT_TRUE(blocked(SIGUSR1));
    EXPECT_EQ(sigismember(&outer.before(), SIGUSR1), 0);
    {
      signal_block const inner{SIGUSR1};
      EXPECT_EQ(sigismember(&inner.before(), SIGUSR1), 1);
    }
    EXPECT_TRUE(blocked(SIGUSR1)) << "the outer scope still blocks it";
    EXPECT_TRUE(blocked(SIGUSR2));
  }
  EXPECT_FALSE(blocked(SIGUSR1));
  EXPECT_FALSE(blocked(SIGUSR2));
}

TEST(signals, all_blocks_what_can_be_blocked) {
  auto const scope = signal_block::all();
  EXPECT_TRUE(blocked(SIGTERM));
  EXPECT_TRUE(blocked(SIGCHLD));
  EXPECT_FALSE(blocked(SIGKILL));
}

TEST(signals, a_blocked_signal_waits_and_is_taken_synchronously) {
  signal_block const scope{SIGUSR1};
  ASSERT_EQ(raise(SIGUSR1), 0);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  int got = 0;
  EXPECT_EQ(sigwait(&set, &got), 0);
  EXPECT_EQ(got, SIGUSR1);
}

TEST(signals, ignore_drops_the_signal_and_restores_the_action) {
  auto* const before = action(SIGUSR2);
  {
    signal_ignore const scope(SIGUSR2);
    EXPECT_EQ(action(SIGUSR2), SIG_IGN);
    EXPECT_EQ(raise(SIGUSR2), 0);
  }
  EXPECT_EQ(action(SIGUSR2), before);
}

TEST(signals_death, what_is_no_signal_or_cannot_be_ignored_is_an_assertion) {
  EXPECT_DEATH((signal_block{12345}), "given as a signal to block is none");
  EXPECT_DEATH(signal_ignore{SIGKILL}, "cannot be ignored");
}
