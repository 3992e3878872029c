// SPDX-License-Identifier: Apache-2.0
// Threads that wait or compute until told otherwise, looked at from outside.
#include <atomic>
#include <cerrno>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

#include <quartet/os/thread_look.hpp>

#include "looked_at.hpp"

using namespace quartet;

TEST(thread_look, one_that_reads_from_an_empty_pipe_waits_in_read) {
  waiting_thread t;
  os::thread_look const look = look_when_waiting(t.id());
  EXPECT_TRUE(look.waits);
  if (look.system_call < 0) GTEST_SKIP() << "needs /proc/self/task/N/syscall";
  EXPECT_EQ(look.system_call, SYS_read);
  EXPECT_EQ(os::name_of_system_call(look.system_call), "read");
  EXPECT_NE(look.code, 0u);
  EXPECT_NE(look.stack, 0u);
}

TEST(thread_look, one_that_computes_does_not_wait_and_uses_time) {
  spinning_thread t;
  auto const first = os::look_at_thread(t.id());
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(first->waits);
  EXPECT_EQ(first->system_call, -1);
  while (os::look_at_thread(t.id())->cpu == first->cpu) {
  }
  EXPECT_GT(os::look_at_thread(t.id())->cpu, first->cpu);
}

TEST(thread_look, one_that_is_gone_is_not_seen) {
  int id = 0;
  std::thread([&] { id = os::own_thread_id(); }).join();
  EXPECT_FALSE(os::look_at_thread(0x7FFFFFFF).has_value());
  EXPECT_NE(id, os::own_thread_id());
  EXPECT_TRUE(os::look_at_thread(os::own_thread_id()).has_value());
}

TEST(thread_look, a_system_call_without_a_name_here_is_said_by_number) {
  EXPECT_EQ(os::name_of_system_call(SYS_futex), "futex");
  EXPECT_EQ(os::name_of_system_call(999), "system call 999");
}

TEST(thread_look, memory_is_copied_up_to_where_there_is_none) {
  std::size_t const page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  auto* const room = static_cast<char*>(
      mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(room, MAP_FAILED);
  ASSERT_EQ(munmap(room + page, page), 0);
  room[page - 1] = 'x';
  char copy[16] = {};
  EXPECT_EQ(os::copy_memory(copy, room + page - 1, sizeof copy), 1u);
  EXPECT_EQ(copy[0], 'x');
  EXPECT_EQ(os::copy_memory(copy, room + page, sizeof copy), 0u);
  EXPECT_EQ(os::copy_memory(copy, nullptr, sizeof copy), 0u);
  munmap(room, page);
}
