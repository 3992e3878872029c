// SPDX-License-Identifier: Apache-2.0
// Shared data that is not watched: only a T. The watched form is in exec/sim/uses.test.cpp.
#undef QUARTET_CHECK
#include <gtest/gtest.h>
#include <string>
#include <type_traits>
#include <vector>

#include <quartet/seam/shared.hpp>

using namespace quartet;

static_assert(sizeof(shared<char>) == 1 && alignof(shared<double>) == alignof(double));
static_assert(std::is_trivially_copyable_v<shared<int>>);
static_assert(sizeof(shared<std::string>) == sizeof(std::string));
static_assert(std::is_same_v<shared<int>, detail::watched<int>> == (QUARTET_CHECK_OWN == 0));

TEST(shared, it_is_used_like_its_value) {
  shared<int> n;
  EXPECT_EQ(n, 0);
  n = 5;
  n += 3;
  n -= 1;
  n *= 6;
  n |= 1;
  n &= 0xFF;
  EXPECT_EQ(n++, 43);
  EXPECT_EQ(n--, 44);
  ++n;
  --n;
  int const copy = n;
  EXPECT_EQ(copy, 43);
  shared<int> other(n);
  other = n;
  EXPECT_TRUE(other >= 43 && n == other);
}

TEST(shared, what_is_no_number_is_read_and_written_by_name) {
  shared<std::vector<std::string>> words{{"a", "b"}};
  words.write().push_back("c");
  EXPECT_EQ(words.read().size(), 3U);
  EXPECT_EQ(words->back(), "c");
  words = std::vector<std::string>{"d"};
  EXPECT_EQ(words.read().front(), "d");
}

TEST(shared, unwatched_it_tells_nobody) {
  struct deaf final : seam::machine {
    int uses = 0;
    void use(seam::data_use const&) noexcept override { ++uses; }
  } m;
  seam::machine_scope const here(m);
  shared<int> n{1};
  ++n;
  EXPECT_EQ(n, 2);
  EXPECT_EQ(m.uses, 0);
}
