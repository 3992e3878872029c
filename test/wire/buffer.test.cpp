// SPDX-License-Identifier: Apache-2.0
// A buffer keeps what was put into it while it grows, and can be reused.
#include <algorithm>
#include <cstdint>
#include <gtest/gtest.h>
#include <new>
#include <vector>

#include <quartet/wire/buffer.hpp>

namespace {

using quartet::wire::buffer;

TEST(buffer, keeps_its_content_while_it_grows) {
  buffer b;
  std::vector<std::byte> expected;
  for (int i = 0; i < 1000; ++i) {
    std::byte const each[3] = {std::byte(i), std::byte(i >> 8), std::byte{7}};
    b.append(each);
    expected.insert(expected.end(), each, each + 3);
  }
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), b.data(), b.data() + b.size()));
}

TEST(buffer, clear_keeps_the_memory) {
  buffer b;
  EXPECT_TRUE(b.empty());
  b.resize(100);
  auto const* const at = b.data();
  b.clear();
  EXPECT_EQ(b.size(), 0U);
  EXPECT_GE(b.capacity(), 100U);
  b.append({});
  b.resize(50);
  EXPECT_EQ(b.data(), at);
}

TEST(buffer, moving_leaves_an_empty_one) {
  buffer a;
  a.resize(3);
  buffer b(std::move(a));
  EXPECT_EQ(b.size(), 3U);
  EXPECT_EQ(a.size(), 0U);  // NOLINT(bugprone-use-after-move): that is the question
  a = std::move(b);
  EXPECT_EQ(a.size(), 3U);
}

TEST(buffer, memory_that_is_not_there_is_bad_alloc) {
  buffer b;
  EXPECT_THROW(b.reserve(SIZE_MAX), std::bad_alloc);
}

}  // namespace
