// SPDX-License-Identifier: Apache-2.0
// Each kind of callable that can be sent works after it has been sent; the others are refused.
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

#include <quartet/wire/function.hpp>

namespace {

using namespace quartet;  // together with <sys/socket.h>, as users have it

int add(int a, int b) { return a + b; }
struct scaler {
  int factor = 1;
  int operator()(int x) const { return factor * x; }
  int plus(int y) const { return factor + y; }
};
struct base {
  virtual ~base() = default;
  virtual int which() const { return 1; }
};
struct derived : base {
  int which() const override { return 2; }
};

template <class F> F sent(F const& f) {
  wire::buffer bytes;
  wire::writer out(bytes);
  wire::detail::put_function(out, f);
  out.flush();
  wire::reader in(bytes.bytes());
  F back = wire::detail::get_function<F>(in);
  in.finish();
  return back;
}

TEST(function, a_captureless_lambda_takes_no_bytes) {
  auto const f = [](int x) { return x + 1; };
  EXPECT_EQ(sent(f)(1), 2);
}
TEST(function, a_named_function_is_its_type) {
  EXPECT_EQ(sent(fn<&add>)(1, 2), 3);
  EXPECT_EQ(sent(fn<&scaler::plus>)(scaler{3}, 4), 7);
  EXPECT_EQ(sent(fn<&base::which>)(derived{}), 2) << "virtual functions work";
}
TEST(function, a_pointer_chosen_at_run_time_is_found_again) { EXPECT_EQ(sent(&add)(1, 2), 3); }
TEST(function, a_function_object_brings_its_members) { EXPECT_EQ(sent(scaler{5})(2), 10); }
TEST(function, bind_brings_its_values) {
  EXPECT_EQ(sent(bind(add, 40))(2), 42);
  EXPECT_EQ(sent(bind(fn<&add>, 40, 2))(), 42);
  EXPECT_EQ(sent(bind(bind(add, 40), 2))(), 42);
  auto const longer = [](std::string const& s, int n) { return s.size() + std::size_t(n); };
  EXPECT_EQ(sent(bind(longer, std::string("abc")))(2), 5U);
}
TEST(function, bind_is_not_mistaken_for_the_one_of_sockets) {
  sockaddr address{};
  EXPECT_EQ(bind(-1, &address, sizeof(address)), -1);
}
TEST(function, what_hides_its_state_is_refused) {
  int x = 0;
  auto const by_reference = [&x] { return x; };
  auto const by_value = [x] { return x; };
  static_assert(!sendable_function<std::remove_const_t<decltype(by_reference)>>);
  static_assert(!sendable_function<std::remove_const_t<decltype(by_value)>>);
  static_assert(!sendable_function<std::function<int()>>);
  static_assert(!sendable_function<decltype(&scaler::plus)>);
  static_assert(!sendable_function<decltype(bind(add, static_cast<int*>(nullptr)))>);
  static_cast<void>(by_reference), static_cast<void>(by_value);
}

}  // namespace
