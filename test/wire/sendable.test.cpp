// SPDX-License-Identifier: Apache-2.0
// Which types can be sent; what is said about the others is held by test/mistakes/wire.
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <quartet/wire/sendable.hpp>

namespace {

using namespace quartet;

struct node {
  int value;
  std::vector<node> children;
  std::unique_ptr<node> next;
};
struct bad_node {
  std::vector<bad_node> children;
  int* value;
};
struct by_length {
  std::size_t limit;
  bool operator()(std::string const& a, std::string const& b) const {
    return a.substr(0, limit) < b.substr(0, limit);
  }
};
struct last final : std::runtime_error {
  using std::runtime_error::runtime_error;
};

TEST(sendable, values_are_and_what_points_elsewhere_is_not) {
  static_assert(sendable<int> && sendable<int const> && sendable<std::string>);
  static_assert(!sendable<int&> && !sendable<int*> && !sendable<std::string_view>);
  static_assert(!sendable<void> && !sendable<std::function<void()>>);
  static_assert(explain_sendable<std::map<std::string, std::vector<int>>>());
}
TEST(sendable, a_type_that_contains_itself_is_judged_by_its_other_members) {
  static_assert(sendable<node>);
  static_assert(!sendable<bad_node>);
}
TEST(sendable, every_part_counts) {
  static_assert(!sendable<std::vector<int*>>);
  static_assert(!sendable<std::map<std::string_view, int>>);
  static_assert(!sendable<std::variant<int, int*>>);
  static_assert(!sendable<std::pair<int, int&>>);
}
TEST(sendable, a_comparison_with_a_state_would_be_lost) {
  static_assert(!sendable<std::map<std::string, int, by_length>>);
  static_assert(!sendable<std::map<int, int, bool (*)(int, int)>>);
}
TEST(sendable, a_unique_ptr_says_what_it_owns_or_is_refused) {
  static_assert(sendable<std::unique_ptr<int>>);
  static_assert(!sendable<std::unique_ptr<int[]>>);
  static_assert(!sendable<std::unique_ptr<std::runtime_error>>);
  static_assert(!sendable<std::unique_ptr<last>>);
}

}  // namespace
