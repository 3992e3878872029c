// SPDX-License-Identifier: Apache-2.0
// The bytes themselves: how many there are, and that equal values give equal ones.
#include <gtest/gtest.h>
#include <string>
#include <variant>
#include <vector>

#include <quartet/wire/encode.hpp>

namespace {

using namespace quartet;

template <class T> std::size_t size_of(T const& x) {
  wire::writer out;
  wire::encode(out, x);
  return out.size();
}
struct pixel {
  unsigned char r, g, b;
};

TEST(encode, lies_as_densely_as_the_values_allow) {
  EXPECT_EQ(size_of(7), 4U);
  EXPECT_EQ(size_of(std::string("abc")), 4U + 3U);
  EXPECT_EQ(size_of(std::vector<pixel>(10)), 4U + 30U);
  EXPECT_EQ(size_of(std::vector<bool>(10)), 4U + 10U);
  EXPECT_EQ(size_of(std::monostate()), 0U);
  EXPECT_EQ(size_of(std::vector<std::monostate>(3)), 4U + 3U) << "a length always costs";
}

TEST(encode, a_variant_that_lost_its_value_is_refused) {
  struct thrower {
    thrower() = default;
    thrower(thrower&&) { throw 1; }
    thrower& operator=(thrower&&) = default;
    int x = 0;
    constexpr auto quartet_fields() { return std::tie(x); }
  };
  std::variant<int, thrower> v;
  try {
    v = thrower();
  } catch (int) {
  }
  ASSERT_TRUE(v.valueless_by_exception());
  wire::writer out;
  EXPECT_THROW(wire::encode(out, v), wire::encode_error);
}

}  // namespace
