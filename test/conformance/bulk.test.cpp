// SPDX-License-Identifier: Apache-2.0
// Many items, and many calls.
#include <functional>
#include <numeric>
#include <ranges>
#include <set>

#include <quartet/models/make_executor.hpp>

#include "calls.hpp"
#include "cell.hpp"

using namespace conformance;
using namespace quartet;

namespace {

constexpr int many = 10'000;

std::vector<int> up_to(int n) {
  std::vector<int> all(static_cast<std::size_t>(n));
  std::iota(all.begin(), all.end(), 0);
  return all;
}
std::vector<int> twice_up_to(int n) {
  std::vector<int> all = up_to(n);
  for (int& x : all) x *= 2;
  return all;
}

int no_sevens(int x) {
  if (x % 10 == 7) throw std::invalid_argument("a seven: " + std::to_string(x));
  return x;
}
task<int> no_sevens_later(int x) {
  co_await yield();
  co_return no_sevens(x);
}

int length(std::string const& s) { return static_cast<int>(s.size()); }
task<int> length_later(std::string s) {
  co_await yield();
  co_return length(s);
}

std::string digits(int x) { return std::to_string(x) + ","; }
task<std::string> digits_later(int x) {
  co_await yield();
  co_return digits(x);
}

/// An item that makes sums depend on the order of the additions.
double tenth(int x) { return 0.1 * (x % 17) * (1 << x % 20); }
task<double> tenth_later(int x) {
  co_await yield();
  co_return tenth(x);
}

}  // namespace

QUARTET_CONFORMANCE(map_keeps_the_order_of_the_items) {
  any_executor ex = c.make(3);
  auto const all = c.map<&twice, &twice_later>(ex, up_to(200)).blocking_get();
  EXPECT_EQ(all, twice_up_to(200));
}

QUARTET_CONFORMANCE(map_borrows_an_lvalue) {
  any_executor ex = c.make();
  std::vector<int> const items = up_to(50);
  EXPECT_EQ((c.map<&twice, &twice_later>(ex, items).blocking_get()), twice_up_to(50));
  EXPECT_EQ(items, up_to(50));
}

QUARTET_CONFORMANCE(map_takes_a_range_that_makes_its_items) {
  any_executor ex = c.make();
  auto const item = [](int i) { return std::string(static_cast<std::size_t>(i), 'x'); };
  auto const made = std::views::iota(0, 100) | std::views::transform(item);
  auto const sizes = c.map<&length, &length_later>(ex, made).blocking_get();
  EXPECT_EQ(sizes, up_to(100));
}

QUARTET_CONFORMANCE(for_each_calls_every_item_once) {
  scratch s;
  any_executor ex = c.make();
  std::vector<std::string> files;
  for (int i = 0; i != 20; ++i) files.push_back(s.file(std::to_string(i).c_str()));
  c.for_each<&mark_now, &mark_later>(ex, files).blocking_get();
  for (auto const& f : files) EXPECT_EQ(marks(f), 1u) << f;
}

QUARTET_CONFORMANCE(as_completed_gives_every_index_once) {
  any_executor ex = c.make(3);
  std::multiset<std::size_t> seen;
  for (auto&& done : c.as_completed<&twice, &twice_later>(ex, up_to(100))) {
    seen.insert(done.index);
    EXPECT_EQ(done.result.value(), 2 * static_cast<int>(done.index));
  }
  EXPECT_EQ(seen.size(), 100u);
  for (std::size_t i = 0; i != 100; ++i) EXPECT_EQ(seen.count(i), 1u) << i;
}

QUARTET_CONFORMANCE(as_completed_goes_on_after_a_failure) {
  any_executor ex = c.make();
  std::size_t values = 0;
  for (auto&& done : c.as_completed<&no_sevens, &no_sevens_later>(ex, up_to(40))) {
    if (done.index % 10 == 7) {
      EXPECT_EQ(done.result.how(), ending::failed);
      EXPECT_THROW(done.result.value(), std::invalid_argument);
      continue;
    }
    EXPECT_EQ(done.result.value(), static_cast<int>(done.index));
    ++values;
  }
  EXPECT_EQ(values, 36u);
}

QUARTET_CONFORMANCE(reduce_joins_the_items_in_their_order) {
  any_executor ex = c.make(3);
  std::string expected = ">";
  for (int i = 0; i != 2500; ++i) expected += digits(i);
  std::string const all = c.reduce<&digits, &digits_later>(ex, up_to(2500), std::string(">"),
                                                           std::plus<>(), {.chunk = 40});
  EXPECT_EQ(all, expected);
}

QUARTET_CONFORMANCE(reduce_gives_the_same_bits_on_every_executor) {
  any_executor ex = c.make(3);
  any_executor alone = make_executor("sync");
  bulk_options const o{.chunk = 25};
  EXPECT_EQ((c.reduce<&tenth, &tenth_later>(ex, up_to(3000), 0.0, std::plus<>(), o)),
            (c.reduce<&tenth, &tenth>(alone, up_to(3000), 0.0, std::plus<>(), o)));
}

QUARTET_CONFORMANCE(reduce_throws_the_failure_of_an_item) {
  any_executor ex = c.make();
  EXPECT_THROW((c.reduce<&no_sevens, &no_sevens_later>(ex, up_to(40), 0, std::plus<>())),
               std::invalid_argument);
}

QUARTET_CONFORMANCE(reduce_of_nothing_is_what_it_begins_with) {
  any_executor ex = c.make();
  EXPECT_EQ((c.reduce<&twice, &twice_later>(ex, std::vector<int>(), 7, std::plus<>())), 7);
}

QUARTET_CONFORMANCE(map_of_nothing_is_empty) {
  any_executor ex = c.make();
  EXPECT_TRUE((c.map<&twice, &twice_later>(ex, std::vector<int>()).blocking_get()).empty());
}

QUARTET_CONFORMANCE(for_each_of_nothing_ends) {
  any_executor ex = c.make();
  c.for_each<&twice, &twice_later>(ex, std::vector<int>()).blocking_get();
}

QUARTET_CONFORMANCE(as_completed_of_nothing_gives_nothing) {
  any_executor ex = c.make();
  auto none = c.as_completed<&twice, &twice_later>(ex, std::vector<int>());
  EXPECT_EQ(none.begin(), none.end());
}

QUARTET_CONFORMANCE(one_item) {
  any_executor ex = c.make();
  EXPECT_EQ((c.map<&twice, &twice_later>(ex, std::vector{21}).blocking_get()), std::vector{42});
}

QUARTET_CONFORMANCE(one_worker) {
  any_executor ex = c.make(1);
  EXPECT_EQ((c.map<&twice, &twice_later>(ex, up_to(100)).blocking_get()), twice_up_to(100));
  bulk_options const one_at_once{.workers = 1};
  EXPECT_EQ((c.map<&twice, &twice_later>(ex, up_to(100), one_at_once).blocking_get()),
            twice_up_to(100));
}

QUARTET_CONFORMANCE(at_most_so_many_items_at_once) {
  any_executor ex = c.make(3);
  bulk_options const two_at_once{.workers = 2};
  EXPECT_EQ((c.map<&twice, &twice_later>(ex, up_to(100), two_at_once).blocking_get()),
            twice_up_to(100));
}

QUARTET_CONFORMANCE(more_workers_than_items) {
  any_executor ex = c.make(4);
  bulk_options const eight{.workers = 8};
  EXPECT_EQ((c.map<&twice, &twice_later>(ex, up_to(2), eight).blocking_get()), twice_up_to(2));
}

QUARTET_CONFORMANCE(ten_thousand_tiny_calls_by_submit) {
  any_executor ex = c.make();
  std::vector<future<int>> all;
  for (int i = 0; i != many; ++i) all.push_back(c.submit<&twice, &twice_later>(ex, i));
  std::vector<int> got;
  for (auto& f : all) got.push_back(f.blocking_get());
  EXPECT_EQ(got, twice_up_to(many));
}

QUARTET_CONFORMANCE(ten_thousand_tiny_items_by_map) {
  any_executor ex = c.make();
  EXPECT_EQ((c.map<&twice, &twice_later>(ex, up_to(many)).blocking_get()), twice_up_to(many));
}

QUARTET_CONFORMANCE(ten_thousand_tiny_items_in_chunks) {
  any_executor ex = c.make();
  for (std::size_t chunk : {std::size_t{1}, std::size_t{64}, std::size_t{many + 1}}) {
    bulk_options const o{.chunk = chunk};
    EXPECT_EQ((c.map<&twice, &twice_later>(ex, up_to(many), o).blocking_get()), twice_up_to(many));
  }
}
