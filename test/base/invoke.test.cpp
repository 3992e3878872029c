// SPDX-License-Identifier: Apache-2.0
// What is called, and on what, is what std::invoke would call.
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include <quartet/base/invoke.hpp>

namespace {

struct shape {
  int sides = 3;
  int more(int n) const { return sides + n; }
  std::string which() & { return "lvalue"; }
  std::string which() && { return "rvalue"; }
  virtual int area() const noexcept { return 1; }
  virtual ~shape() = default;
};
struct square : shape {
  int area() const noexcept override { return 4; }
};

/// Both, which must agree.
template <class F, class... A> void expect_same(F f, A&&... a) {
  namespace q = quartet::detail;
  static_assert(std::is_same_v<decltype(q::invoke(f, a...)), decltype(std::invoke(f, a...))>);
  static_assert(noexcept(q::invoke(f, a...)) == noexcept(std::invoke(f, a...)));
  EXPECT_EQ(q::invoke(f, a...), std::invoke(f, a...));
}

TEST(invoke, calls_functions_and_function_objects) {
  expect_same([](int a, int b) { return a - b; }, 5, 3);
  expect_same(
      +[](int a) noexcept { return a; }, 5);
  int n = 0;
  quartet::detail::invoke([](int& x) { ++x; }, n);
  EXPECT_EQ(n, 1);
  struct only_once {
    int operator()() && { return 7; }
  };
  EXPECT_EQ(quartet::detail::invoke(only_once()), 7);
}

TEST(invoke, calls_members_of_objects_pointers_and_references) {
  square s;
  auto const owned = std::make_unique<square>();
  expect_same(&shape::more, s, 2);
  expect_same(&shape::more, &s, 2);
  expect_same(&shape::more, std::ref(s), 2);
  expect_same(&shape::area, owned);
  expect_same(&shape::area, std::cref(s));
  auto const of_lvalue = static_cast<std::string (shape::*)()&>(&shape::which);
  auto const of_rvalue = static_cast<std::string (shape::*)() &&>(&shape::which);
  EXPECT_EQ(quartet::detail::invoke(of_lvalue, s), "lvalue");
  EXPECT_EQ(quartet::detail::invoke(of_rvalue, square()), "rvalue");
}

TEST(invoke, reads_and_writes_data_of_members) {
  square s;
  expect_same(&shape::sides, s);
  expect_same(&shape::sides, &s);
  expect_same(&shape::sides, std::ref(s));
  quartet::detail::invoke(&shape::sides, s) = 5;
  EXPECT_EQ(s.sides, 5);
  static_assert(std::is_same_v<decltype(quartet::detail::invoke(&shape::sides, square())), int&&>);
}

}  // namespace
