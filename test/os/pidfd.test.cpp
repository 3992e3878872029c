// SPDX-License-Identifier: Apache-2.0
// Processes held by descriptor: real children that wait for a signal or end at once.
#include <chrono>
#include <gtest/gtest.h>
#include <signal.h>
#include <string>
#include <system_error>
#include <unistd.h>

#include <quartet/os/pidfd.hpp>

#include "support/recording_machine.hpp"

using namespace quartet;
using namespace std::chrono_literals;

namespace {

// Starts /bin/sh -c `script`; standard input of a `read` in it is a pipe that never gets a line.
struct child {
  int pid = -1;
  os::pidfd process;
  explicit child(char const* script) {
    char const* const argv[] = {"sh", "-c", script, nullptr};
    char const* const environment[] = {nullptr};
    auto const h = seam::this_machine().start_process({"/bin/sh", argv, environment, nullptr, 0});
    pid = h.pid;
    process = os::pidfd(os::fd(h.pidfd));
  }
};

}  // namespace

TEST(pidfd, wait_gives_the_exact_exit_code) {
  child c("exit 37");
  auto const end = c.process.wait();
  EXPECT_FALSE(end.signalled);
  EXPECT_EQ(end.code, 37);
}

TEST(pidfd, a_signal_ends_the_process_and_wait_tells_which) {
  child c("kill -STOP $$");
  EXPECT_TRUE(c.process.send_signal(0));
  EXPECT_TRUE(c.process.send_signal(SIGKILL));
  EXPECT_TRUE(c.process.ends_by(never));
  auto const end = c.process.wait();
  EXPECT_TRUE(end.signalled);
  EXPECT_EQ(end.code, SIGKILL);
  EXPECT_FALSE(c.process.send_signal(SIGTERM)) << "it has been reaped";
}

TEST(pidfd, ends_by_tells_without_reaping_and_waits_at_least_until_the_deadline) {
  auto const self = os::pidfd::open(getpid());
  auto const deadline = after(2ms);
  EXPECT_FALSE(self.ends_by(deadline));
  EXPECT_GE(clock::now(), deadline);
  child c("exit 0");
  EXPECT_TRUE(c.process.ends_by(never));
  EXPECT_TRUE(c.process.ends_by(time_point{}));
  EXPECT_EQ(c.process.wait().code, 0);
}

TEST(pidfd, waiting_for_a_stranger_or_twice_is_an_error) {
  auto self = os::pidfd::open(getpid());
  EXPECT_THROW(self.wait(), std::system_error);
  child c("exit 0");
  c.process.wait();
  EXPECT_THROW(c.process.wait(), std::system_error);
}

TEST(pidfd, errors_name_the_process_and_the_signal) {
  try {
    os::pidfd::open(0x7FFFFFFF);
    FAIL();
  } catch (std::system_error const& e) {
    EXPECT_NE(std::string(e.what()).find("process 2147483647"), std::string::npos) << e.what();
  }
  EXPECT_THROW(os::pidfd::open(getpid()).send_signal(12345), std::system_error);
  EXPECT_FALSE(os::pidfd());
}

TEST(pidfd, announces_the_wait) {
#if QUARTET_SIM
  child c("exit 0");
  test::recording_machine m;
  seam::machine_scope const scope(m);
  c.process.wait();
  EXPECT_EQ(m.count(seam::kind::process_wait, &c.process), 1u);
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}
