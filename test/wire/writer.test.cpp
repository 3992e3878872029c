// SPDX-License-Identifier: Apache-2.0
// A writer appends to a buffer, fills given memory and says how much would have been enough.
#include <array>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include <quartet/wire/encode.hpp>
#include <quartet/wire/writer.hpp>

namespace {

using namespace quartet::wire;

TEST(writer, appends_after_what_the_buffer_holds) {
  buffer b;
  b.resize(5);
  writer out(b);
  out.raw(1);
  EXPECT_EQ(out.size(), 4U);
  out.flush();
  EXPECT_EQ(b.size(), 9U);
  {
    writer more(b);
    for (int i = 0; i < 1000; ++i) more.raw(i);
  }
  EXPECT_EQ(b.size(), 9U + 4000U);
}

TEST(writer, a_span_that_is_too_small_says_what_would_be_enough) {
  std::array<std::byte, 6> memory{};
  memory.fill(std::byte{0xee});
  writer out(memory);
  out.raw(1);
  EXPECT_FALSE(out.overflowed());
  out.raw(2);
  EXPECT_TRUE(out.overflowed());
  out.raw('c');  // would fit: nothing is stored behind a gap
  EXPECT_EQ(out.size(), 9U);
  EXPECT_EQ(memory[4], std::byte{0xee});
  EXPECT_EQ(memory[5], std::byte{0xee});
}

TEST(writer, counts_without_storing) {
  writer out;
  encode(out, std::vector<std::string>{"abc", ""});
  EXPECT_EQ(out.size(), 4U + 4U + 3U + 4U);
}

TEST(writer, the_counted_size_is_the_written_size) {
  std::vector<std::vector<std::string>> const value{{"a", "bc"}, {}, {std::string(100, 'x')}};
  writer count;
  encode(count, value);
  std::vector<std::byte> memory(count.size());
  writer exact(memory);
  encode(exact, value);
  EXPECT_FALSE(exact.overflowed());
  EXPECT_EQ(exact.size(), memory.size());
  writer short_by_one(std::span<std::byte>(memory.data(), memory.size() - 1));
  encode(short_by_one, value);
  EXPECT_TRUE(short_by_one.overflowed());
  EXPECT_EQ(short_by_one.size(), memory.size());
}

TEST(writer, rewind_takes_back) {
  std::array<std::byte, 8> memory{};
  writer out(memory);
  out.raw(1);
  auto const mark = out.size();
  out.raw(std::array<char, 20>{});
  EXPECT_TRUE(out.overflowed());
  out.rewind(mark);
  EXPECT_FALSE(out.overflowed());
  out.raw(2);
  EXPECT_FALSE(out.overflowed());
  EXPECT_EQ(out.size(), 8U);
  buffer b;
  writer grows(b);
  grows.raw(1);
  grows.rewind(0);
  grows.raw('x');
  grows.flush();
  EXPECT_EQ(b.size(), 1U);
}

}  // namespace
