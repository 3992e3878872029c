// SPDX-License-Identifier: Apache-2.0
// Plain processes: one function, one exit status.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <quartet/exec/processes/process.hpp>

#include "support.hpp"

using namespace quartet;

namespace {
void write_to(std::string const& path, std::string const& text) { std::ofstream(path) << text; }
int seven() { return 7; }
void throws() { throw std::runtime_error("from a process"); }
task<int> eight_later() {
  co_await yield();
  co_return 8;
}
std::string text_in(std::string const& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}
}  // namespace

TEST(process, a_function_runs_in_a_process_of_its_own_with_its_arguments) {
  scratch_folder folder;
  process p{write_to, folder.file("a"), std::string("text")};
  EXPECT_GT(p.pid(), 0);
  EXPECT_NE(p.pid(), getpid());
  p.join();
  EXPECT_EQ(text_in(folder.file("a")), "text");
  EXPECT_EQ(p.exit_status(), (process_status{0, 0}));
  EXPECT_TRUE(p.exit_status()->success());
}

TEST(process, the_exit_code_is_what_the_function_returns) {
  process p{seven}, q{eight_later}, r{leave_with, 9};
  p.join();
  q.join();
  r.join();
  EXPECT_EQ(p.exit_status()->code, 7);
  EXPECT_EQ(q.exit_status()->code, 8);
  EXPECT_EQ(r.exit_status()->code, 9);
}

TEST(process, an_error_becomes_exit_code_1) {
  process p{throws};
  p.join();
  EXPECT_EQ(p.exit_status()->code, 1);
  EXPECT_FALSE(p.exit_status()->success());
}

TEST(process, terminate_and_kill_end_an_endless_function) {
  process p{spin_for_ever}, q{spin_for_ever};
  EXPECT_FALSE(p.exit_status().has_value());
  p.terminate();
  q.kill();
  p.join();
  q.join();
  EXPECT_EQ(p.exit_status(), (process_status{-1, SIGTERM}));
  EXPECT_EQ(q.exit_status(), (process_status{-1, SIGKILL}));
  p.kill();  // does nothing
  p.join();
}

TEST(process, one_that_is_moved_is_joined_where_it_went) {
  scratch_folder folder;
  {
    process p{write_to, folder.file("a"), std::string("text")};
    process q = std::move(p);
    EXPECT_FALSE(p.joinable());
    EXPECT_TRUE(q.joinable());
    q = process{write_to, folder.file("b"), std::string("more")};
  }
  EXPECT_EQ(text_in(folder.file("a")), "text");
  EXPECT_EQ(text_in(folder.file("b")), "more");
}

TEST(process, a_hundred_at_once_end_with_their_own_codes) {
  std::vector<process> all;
  for (int i = 0; i < 100; ++i) all.emplace_back(leave_with, i);
  for (int i = 0; i < 100; ++i) {
    all[static_cast<std::size_t>(i)].join();
    EXPECT_EQ(all[static_cast<std::size_t>(i)].exit_status()->code, i);
  }
}

TEST(process, its_status_is_told_to_a_program_that_ignores_the_ends_of_children) {
  auto* const before = signal(SIGCHLD, SIG_IGN);
  for (int round = 0; round != 5; ++round) {
    process p{seven};
    p.join();
    EXPECT_EQ(p.exit_status(), (process_status{7, 0}));
  }
  signal(SIGCHLD, before);
}

TEST(process, it_is_joined_when_there_are_no_descriptors_left) {
  process p{seven};
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit const none{3, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  p.join();
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(p.exit_status(), (process_status{7, 0}));
}
