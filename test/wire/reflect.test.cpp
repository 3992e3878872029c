// SPDX-License-Identifier: Apache-2.0
// Members are counted, typed and named right for every kind of aggregate.
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <quartet/wire/reflect.hpp>

namespace {

using namespace quartet::wire;

struct none {};
struct movable {
  int number;
  std::unique_ptr<int> owner;
};
struct arrays {
  int grid[2][3];
  char name[4096];
  std::mutex guard;
  std::array<int, 3> fixed;
};
struct nested {
  movable first;
  arrays second;
};
struct itself {
  std::string names[2];
  std::vector<itself> children;
};
struct defaults {
  int x = 3;
  std::map<int, defaults> const constant;
};
struct references {
  int& r;
  int n;
};
struct base {
  int q;
};
struct derived : base {
  int h;
};
struct made_from_int {
  explicit made_from_int(int) {}
};
struct no_default {
  int a[3];
  made_from_int n;
  std::unique_ptr<int> p;
  std::array<int, 3> q;
  movable z;
};
struct sixty_four {
  int a[8], b[8], c[8], d[8], e[8], f[8], g[8], h[8];
  int i1, i2, i3, i4, i5, i6, i7, i8, i9, i10, i11, i12, i13, i14, i15, i16, i17, i18, i19;
  int j1, j2, j3, j4, j5, j6, j7, j8, j9, j10, j11, j12, j13, j14, j15, j16, j17, j18, j19;
  int k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11, k12, k13, k14, k15, k16, k17, last;
};
struct sixty_five {
  sixty_four a;
  int i1, i2, i3, i4, i5, i6, i7, i8, i9, i10, i11, i12, i13, i14, i15, i16, i17, i18, i19, i20;
  int j1, j2, j3, j4, j5, j6, j7, j8, j9, j10, j11, j12, j13, j14, j15, j16, j17, j18, j19, j20;
  int k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11, k12, k13, k14, k15, k16, k17, k18, k19, k20;
  int l1, l2, l3, l4;
};

TEST(reflect, members_are_counted) {
  static_assert(member_count<none> == 0);
  static_assert(member_count<movable> == 2);
  static_assert(member_count<arrays> == 4);
  static_assert(member_count<nested> == 2);
  static_assert(member_count<itself> == 2);
  static_assert(member_count<defaults> == 2);
  static_assert(member_count<references> == 2);
  static_assert(member_count<no_default> == 5);
  static_assert(member_count<sixty_four> == 64);
  static_assert(member_count<sixty_five> == 65);
}

TEST(reflect, a_base_class_is_noticed) {
  static_assert(has_base<derived>);
  static_assert(!has_base<base> && !has_base<nested> && !has_base<no_default>);
}

TEST(reflect, types_are_the_declared_ones) {
  static_assert(std::is_same_v<member_types<references>, detail::types<int&, int>>);
  static_assert(
      std::is_same_v<member_types<itself>, detail::types<std::string[2], std::vector<itself>>>);
}

TEST(reflect, members_and_types_have_names) {
  struct inside {
    int value;
    std::mutex guard;
  };
  static_assert(member_name<inside, 0>() == "value");
  static_assert(member_name<inside, 1>() == "guard");
  static_assert(member_name<arrays, 1>() == "name");
  static_assert(member_name<no_default, 3>() == "q");
  static_assert(type_name<int>() == "int");
  EXPECT_NE(type_name<itself>().find("itself"), std::string_view::npos);
}

TEST(reflect, every_member_is_visited_in_order) {
  sixty_four x{};
  x.last = 5;
  int count = 0;
  visit_members(x, [&](auto&... member) { count = (0 + ... + (static_cast<void>(member), 1)); });
  EXPECT_EQ(count, 64);
  visit_members(x, [](auto&... member) {
    (([&] {
       if constexpr (std::is_same_v<std::remove_cvref_t<decltype(member)>, int>) ++member;
     }()),
     ...);
  });
  EXPECT_EQ(x.last, 6);
  EXPECT_EQ(x.i1, 1);
}

}  // namespace
