// SPDX-License-Identifier: Apache-2.0
// Owned descriptors: closed exactly once, and never another's.
#include <cerrno>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <quartet/os/fd.hpp>

using quartet::os::fd;

namespace {
bool is_open(int number) { return fcntl(number, F_GETFD) >= 0; }
fd open_null() {
  return quartet::os::checked(open("/dev/null", O_RDWR | O_CLOEXEC), "cannot open");
}
}  // namespace

TEST(fd, closes_at_the_end_of_its_scope) {
  int number = -1;
  {
    fd const f = open_null();
    number = f.get();
    EXPECT_TRUE(f);
    EXPECT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST(fd, moving_hands_the_descriptor_on) {
  fd a = open_null();
  int const number = a.get();
  fd b = std::move(a);
  EXPECT_FALSE(a);  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_EQ(b.get(), number);
  fd c = open_null();
  int const closed = c.get();
  c = std::move(b);
  EXPECT_EQ(c.get(), number);
  EXPECT_FALSE(is_open(closed));
  fd& same = c;
  c = std::move(same);
  EXPECT_TRUE(is_open(number));
}

TEST(fd, release_leaves_it_open_and_reset_closes_keeping_errno) {
  fd a = open_null();
  fd b(a.release());
  EXPECT_FALSE(a);
  errno = 4711;
  b.reset();
  EXPECT_EQ(errno, 4711);
  EXPECT_EQ(b.get(), -1);
  EXPECT_FALSE(fd(-5));
}

TEST(fd, a_duplicate_outlives_the_original_and_closes_on_exec) {
  fd a = open_null();
  fd const b = a.duplicate();
  a.reset();
  EXPECT_TRUE(is_open(b.get()));
  EXPECT_EQ(fcntl(b.get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

TEST(fd, errors_say_what_was_tried_and_why_it_failed) {
  try {
    quartet::os::checked(open("/no/such/file", O_RDONLY), "cannot open /no/such/file");
    FAIL() << "no exception";
  } catch (std::system_error const& e) {
    EXPECT_EQ(e.code().value(), ENOENT);
    EXPECT_STREQ(e.what(), "cannot open /no/such/file: No such file or directory");
  }
  EXPECT_THROW(fd().duplicate(), std::system_error);
}
