// SPDX-License-Identifier: Apache-2.0
// Each kind of call has operations of its own, and their addresses tell them apart.
#include <gtest/gtest.h>
#include <string_view>

#include <quartet/wire/remote_ops.hpp>

namespace quartet {
struct call {};
}  // namespace quartet

namespace {

using namespace quartet;

template <auto F> struct record : call {
  using function_type = named_function<F>;
  using result_type = int;
  using argument_types = std::tuple<int>;
  static record& from(call& c) { return static_cast<record&>(c); }
  function_type& function() { return f; }
  std::tuple<int const&> arguments(std::size_t) { return {x}; }
  void settle(std::size_t, int value) { x = value; }
  static int run_blocking(executor_base&, function_type g, int a) { return g(a); }

  function_type f{};
  int x = 1;
};
int up(int x) { return x + 1; }
int down(int x) { return x - 1; }

TEST(remote_ops, each_function_has_its_own_thunk) {
  auto const& a = wire::detail::operations_of<record<&up>>;
  auto const& b = wire::detail::operations_of<record<&down>>;
  EXPECT_NE(a.thunk, b.thunk);
  EXPECT_NE(wire::token_of(a.thunk), wire::token_of(b.thunk));
  EXPECT_NE(std::string_view(a.name).find("up"), std::string_view::npos) << a.name;
}

TEST(remote_ops, a_result_with_bytes_left_over_is_damage) {
  record<&up> c;
  std::byte const bytes[5] = {};
  wire::reader in(bytes);
  EXPECT_THROW(wire::detail::operations_of<record<&up>>.decode(c, 0, in), wire::decode_error);
  EXPECT_EQ(c.x, 1) << "nothing was settled";
}

}  // namespace
