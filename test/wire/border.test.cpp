// SPDX-License-Identifier: Apache-2.0
// A call crosses as bytes and its result comes back, with a call record written by hand.
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <quartet/wire/border.hpp>

namespace quartet {
struct call {
  wire::remote_ops const* remote = nullptr;
};
class executor_base {
 public:
  int calls = 0;
};
}  // namespace quartet

namespace {

using namespace quartet;

struct none {};

/// One call or many items of one function, as core's records offer them.
template <class F, class R, class... A> struct record : call {
  using function_type = F;
  using result_type = R;
  using argument_types = std::tuple<A...>;

  record(F f, std::vector<std::tuple<A...>> items)
      : f_(std::move(f)), items_(std::move(items)), results(items_.size()) {
    sendable_border::check<F, R, A...>();
    remote = sendable_border::ops<record>();
  }
  static record& from(call& c) { return static_cast<record&>(c); }
  F& function() { return f_; }
  auto arguments(std::size_t i) {
    return std::apply([](A&... a) { return std::tuple<A const&...>(a...); }, items_[i]);
  }
  template <class... V> void settle(std::size_t i, V&&... value) {
    results[i].emplace(std::forward<V>(value)...);
  }
  static R run_blocking(executor_base& here, F f, A... a) {
    ++here.calls;
    return std::invoke(f, std::move(a)...);
  }

 private:
  F f_;
  std::vector<std::tuple<A...>> items_;

 public:
  std::vector<std::optional<std::conditional_t<std::is_void_v<R>, none, R>>> results;
};

/// There and back, through the function's token as between processes.
void cross(call& c, std::size_t i, executor_base& worker) {
  wire::buffer there;
  wire::buffer back;
  wire::writer out(there);
  wire::encode_token(out, wire::token_of(c.remote->thunk));
  c.remote->encode(c, i, out);
  out.flush();
  wire::reader in(there.bytes());
  auto const thunk = reinterpret_cast<decltype(c.remote->thunk)>(
      const_cast<void*>(wire::address_of(wire::decode_token(in))));
  wire::writer answer(back);
  thunk(in, answer, worker);
  answer.flush();
  wire::reader result(back.bytes());
  c.remote->decode(c, i, result);
}

int add(int a, int b) { return a + b; }
std::string describe(std::vector<std::string> const& words) { return words.at(0) + words.at(1); }
int steps = 0;
void step(int by) { steps += by; }

TEST(border, every_item_of_a_call_crosses_and_comes_back) {
  record<int (*)(int, int), int, int, int> sums(&add, {{1, 2}, {3, 4}});
  executor_base worker;
  cross(sums, 1, worker);
  cross(sums, 0, worker);
  EXPECT_EQ(sums.results.at(0), 3);
  EXPECT_EQ(sums.results.at(1), 7);
  EXPECT_EQ(worker.calls, 2);
}

TEST(border, values_that_can_only_be_moved_cross) {
  auto const f = [](std::unique_ptr<int> p) { return std::make_unique<int>(*p + 1); };
  std::vector<std::tuple<std::unique_ptr<int>>> items;
  items.emplace_back(std::make_unique<int>(41));
  record<std::remove_const_t<decltype(f)>, std::unique_ptr<int>, std::unique_ptr<int>> c(
      f, std::move(items));
  executor_base worker;
  cross(c, 0, worker);
  EXPECT_EQ(**c.results.at(0), 42);
}

TEST(border, a_call_without_result_settles) {
  record<int (*)(int), int, int> unused(nullptr, {});
  record<decltype(bind(step, 2)), void> c(bind(step, 2), {{}});
  executor_base worker;
  cross(c, 0, worker);
  EXPECT_EQ(steps, 2);
  EXPECT_TRUE(c.results.at(0).has_value());
}

TEST(border, the_name_says_which_function) {
  record<named_function<&describe>, std::string, std::vector<std::string>> c(
      fn<&describe>, {{std::vector<std::string>{"a", "b"}}});
  EXPECT_NE(std::string(c.remote->name).find("describe"), std::string::npos) << c.remote->name;
  executor_base worker;
  cross(c, 0, worker);
  EXPECT_EQ(c.results.at(0), "ab");
}

TEST(border, damaged_arguments_are_an_error_and_the_function_does_not_run) {
  record<named_function<&step>, void, int> c(fn<&step>, {{1}});
  executor_base worker;
  wire::buffer there;
  wire::buffer back;
  wire::writer out(there);
  c.remote->encode(c, 0, out);
  out.flush();
  wire::writer answer(back);
  wire::reader cut(there.bytes().first(3));
  EXPECT_THROW(c.remote->thunk(cut, answer, worker), wire::decode_error);
  there.resize(there.size() + 1);
  wire::reader longer(there.bytes());
  EXPECT_THROW(c.remote->thunk(longer, answer, worker), wire::decode_error);
  EXPECT_EQ(worker.calls, 0);
}

TEST(border, says_what_it_accepts) {
  static_assert(sendable_border::accepts<int (*)(int), int, int>);
  static_assert(!sendable_border::accepts<int (*)(int*), int, int*>);
  static_assert(!sendable_border::accepts<int* (*)(), int*>);
  static_assert(sendable_border::accepts<int (*)(), void>);
  static_assert(sendable_border::ops<record<int (*)(int*), int, int*>>() == nullptr);
}

}  // namespace
