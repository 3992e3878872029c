// SPDX-License-Identifier: Apache-2.0
// A reader gives what is there and says precisely what is not.
#include <gtest/gtest.h>
#include <string>

#include <quartet/wire/reader.hpp>

namespace {

using namespace quartet::wire;

template <class F> std::string message_of(F f) {
  try {
    f();
  } catch (decode_error const& e) {
    return e.what();
  }
  return "no error";
}

TEST(reader, takes_bytes_from_the_front) {
  buffer b;
  writer out(b);
  out.raw(7);
  out.length(3);
  out.bytes("abc", 3);
  out.flush();
  reader in(b.bytes());
  EXPECT_EQ(in.raw<int>(), 7);
  EXPECT_EQ(in.length(1), 3U);
  EXPECT_EQ(in.offset(), 8U);
  EXPECT_EQ(in.bytes(3)[2], std::byte{'c'});
  EXPECT_EQ(in.remaining(), 0U);
  in.finish();
}

TEST(reader, what_is_not_there_is_an_error_that_says_where) {
  std::byte const three[3] = {};
  reader in(three);
  (void)in.raw<char>();
  EXPECT_EQ(message_of([&] { (void)in.raw<int>(); }),
            "damaged message at byte 1 of 3: the next value takes 4 bytes, 2 are left");
  EXPECT_EQ(in.remaining(), 2U) << "an error takes nothing";
  EXPECT_NE(message_of([&] { in.finish(); }).find("left over"), std::string::npos);
}

TEST(reader, a_length_that_cannot_be_is_an_error) {
  buffer b;
  writer out(b);
  out.length(5);
  out.bytes("12345678", 8);
  out.flush();
  reader fits(b.bytes());
  EXPECT_EQ(fits.length(1), 5U);
  reader in(b.bytes());
  EXPECT_NE(message_of([&] { (void)in.length(4); }).find("5 elements of at least 4 bytes"),
            std::string::npos);
}

TEST(reader, a_length_beyond_four_bytes_takes_twelve) {
  buffer b;
  writer out(b);
  out.length(0xffffffffU);
  out.flush();
  EXPECT_EQ(b.size(), 12U);
  reader in(b.bytes());
  EXPECT_NE(message_of([&] { (void)in.length(1); }).find("4294967295 elements"), std::string::npos);
}

}  // namespace
