// SPDX-License-Identifier: Apache-2.0
// What can be called, what it returns, and what comes out in the end.
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include <quartet/core/callable.hpp>
#include <quartet/exec/loop/event_loop.hpp>

using namespace quartet;

namespace {

int twice(int n) { return 2 * n; }
task<std::string> greet(std::string name) { co_return "hello " + name; }

struct person {
  std::string name;
  std::string greeting(int times) const {
    std::string all;
    for (int i = 0; i < times; ++i) all += name;
    return all;
  }
};

}  // namespace

using pointer = std::unique_ptr<int>;
static_assert(callable<int (&)(int), int>);
static_assert(callable<int (&)(int), int const&>, "what is stored is a copy");
static_assert(!callable<int (&)(int), std::string>);
static_assert(!callable<int (&)(int)>, "an argument is missing");
static_assert(callable<void (*)(pointer), pointer>, "arguments are handed over as rvalues");
static_assert(!callable<void (*)(int&), int&>, "a reference to a stored value is not the caller's");
static_assert(callable<void (*)(int&), std::reference_wrapper<int>>);
static_assert(callable<decltype(&person::greeting), person, int>);

static_assert(std::same_as<raw_result<int (&)(int), int>, int>);
static_assert(std::same_as<call_result<int (&)(int), int>, int>);
static_assert(std::same_as<raw_result<decltype(greet)&, std::string>, task<std::string>>);
static_assert(std::same_as<call_result<decltype(greet)&, std::string>, std::string>);
static_assert(std::same_as<call_result<task<> (*)()>, void>);
static_assert(!is_coroutine_call<int (&)(int), int>);
static_assert(is_coroutine_call<decltype(greet)&, std::string>);

TEST(callable, functions_members_and_coroutines_are_called_alike) {
  event_loop loop;
  EXPECT_EQ(loop.run(twice, 21), 42);
  EXPECT_EQ(loop.run(&person::greeting, person{"ab"}, 2), "abab");
  EXPECT_EQ(loop.run(greet, "you"), "hello you") << "a char array is stored as a pointer";
}

TEST(callable, a_callable_with_an_rvalue_call_operator_is_moved_from) {
  struct once {
    pointer p;
    int operator()() && { return *p; }
  };
  static_assert(callable<once>);
  event_loop loop;
  EXPECT_EQ(loop.run(once{std::make_unique<int>(3)}), 3);
}

TEST(callable, a_reference_wrapper_reaches_the_callers_object) {
  event_loop loop;
  int n = 1;
  loop.run([](int& x) { x = 7; }, std::ref(n));
  EXPECT_EQ(n, 7);
}
