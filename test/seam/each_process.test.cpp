// SPDX-License-Identifier: Apache-2.0
// One object for a process, another one for its child.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <quartet/seam/each_process.hpp>

namespace quartet {
namespace {

struct counted {
  int n = 0;
};

TEST(each_process, is_made_by_the_first_who_asks) {
  static constinit seam::each_process<counted> all;
  EXPECT_EQ(all.if_made(), nullptr);
  counted* const it = all.get();
  ASSERT_NE(it, nullptr);
  EXPECT_EQ(all.get(), it);
  EXPECT_EQ(all.if_made(), it);
}

TEST(each_process, is_the_same_for_all_threads) {
  static constinit seam::each_process<counted> all;
  counted* seen[4] = {};
  std::vector<std::thread> threads;
  for (auto& s : seen) threads.emplace_back([&s] { s = all.get(); });
  for (auto& t : threads) t.join();
  for (auto* s : seen) EXPECT_EQ(s, all.get());
}

TEST(each_process, is_another_one_in_the_child_of_a_fork) {
  static constinit seam::each_process<counted> all;
  counted* const mine = all.get();
  mine->n = 1;
  pid_t const child = fork();
  if (child == 0) {
    bool const none_yet = all.if_made() == nullptr;
    counted* const own = all.get();
    _exit(none_yet && own != nullptr && own != mine && own->n == 0 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(all.get(), mine);
}

}  // namespace
}  // namespace quartet
