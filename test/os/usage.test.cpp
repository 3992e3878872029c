// SPDX-License-Identifier: Apache-2.0
// Resource figures: only lower bounds and monotony are certain.
#include <cstring>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <quartet/os/pidfd.hpp>
#include <quartet/os/usage.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t mib = 1024 * 1024;

/// Uses memory and gives it back to the system: the heap would keep it.
void touch(std::size_t size) {
  void* const room =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(room, MAP_FAILED);
  std::memset(room, 1, size);
  ASSERT_EQ(munmap(room, size), 0);
}

}  // namespace

TEST(usage, cpu_time_grows_with_work) {
  auto const before = os::own_usage();
  while (os::own_usage().cpu() < before.cpu() + 5ms) {
  }
  auto const after = os::own_usage();
  EXPECT_GE(after.user, before.user);
  EXPECT_GE(after.system, before.system);
}

TEST(usage, the_peak_holds_after_memory_is_given_back_until_it_is_reset) {
  touch(64 * mib);
  auto const peak = os::own_usage().peak_memory_bytes;
  EXPECT_GE(peak, 64 * mib);
  if (!os::reset_peak_memory()) GTEST_SKIP() << "needs a writable /proc/self/clear_refs";
  EXPECT_LE(os::own_usage().peak_memory_bytes, peak - 32 * mib);
  touch(16 * mib);
  EXPECT_GE(os::own_usage().peak_memory_bytes, 16 * mib);
}

TEST(usage, another_process_is_read_by_its_number) {
  auto const self = os::usage_of(getpid());
  ASSERT_TRUE(self.has_value());
  EXPECT_GT(self->peak_memory_bytes, 0u);
  EXPECT_FALSE(os::usage_of(0x7FFFFFFF).has_value());
}

TEST(usage, ended_children_are_counted_once_reaped) {
  char const* const argv[] = {"sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done",
                              nullptr};
  char const* const environment[] = {nullptr};
  auto const before = os::children_usage();
  auto const h = seam::this_machine().start_process({"/bin/sh", argv, environment, nullptr, 0});
  os::pidfd child{os::fd(h.pidfd)};
  EXPECT_EQ(child.wait().code, 0);
  auto const after = os::children_usage();
  EXPECT_GT(after.cpu(), before.cpu());
  EXPECT_GT(after.peak_memory_bytes, 0u);
}
