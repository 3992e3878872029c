// SPDX-License-Identifier: Apache-2.0
// Shared memory: two mappings of one file, its seals, and what is refused.
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <quartet/os/memory_file.hpp>

using quartet::os::fd;
using quartet::os::memory_file;

TEST(memory_file, two_mappings_see_each_other) {
  memory_file const a("quartet-test", 10'000);
  EXPECT_EQ(a.size(), 10'000u);
  EXPECT_TRUE(std::all_of(a.bytes().begin(), a.bytes().end(),
                          [](std::byte b) { return b == std::byte{0}; }));
  memory_file const b(fd{dup(a.descriptor())});
  ASSERT_EQ(b.size(), a.size());
  ASSERT_NE(b.bytes().data(), a.bytes().data());
  a.bytes()[9'999] = std::byte{42};
  EXPECT_EQ(b.bytes()[9'999], std::byte{42});
}

TEST(memory_file, nobody_can_change_its_size) {
  memory_file const m("quartet-test", 4096);
  EXPECT_NE(ftruncate(m.descriptor(), 0), 0);
  EXPECT_EQ(errno, EPERM);
  EXPECT_NE(ftruncate(m.descriptor(), 8192), 0);
}

TEST(memory_file, moving_keeps_the_bytes_where_they_are) {
  memory_file a("quartet-test", 100);
  auto* const where = a.bytes().data();
  memory_file b(std::move(a));
  EXPECT_FALSE(a);  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_TRUE(a.bytes().empty());
  memory_file c("quartet-test", 5);
  c = std::move(b);
  EXPECT_EQ(c.bytes().data(), where);
  EXPECT_EQ(c.size(), 100u);
  EXPECT_FALSE(memory_file());
}

TEST(memory_file, refuses_nothing_and_far_too_much_naming_the_size) {
  EXPECT_THROW(memory_file("quartet-test", 0), std::invalid_argument);
  for (std::size_t const size : {std::size_t{1} << 62, ~std::size_t{0}}) {
    try {
      memory_file const m("quartet-test", size);
      FAIL();
    } catch (std::system_error const& e) {
      EXPECT_NE(std::string(e.what()).find(std::to_string(size) + " bytes"), std::string::npos)
          << e.what();
    }
  }
}

TEST(memory_file, refuses_descriptors_whose_size_a_peer_could_change) {
  EXPECT_THROW(memory_file(fd{open("/proc/self/exe", O_RDONLY | O_CLOEXEC)}),
               std::invalid_argument);
  EXPECT_THROW(memory_file(fd{}), std::system_error);
  fd open_to_change(memfd_create("quartet-test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  ASSERT_EQ(ftruncate(open_to_change.get(), 4096), 0);
  EXPECT_THROW(memory_file{std::move(open_to_change)}, std::invalid_argument);
}
