// SPDX-License-Identifier: Apache-2.0
// Each atomic operation names itself, and does what it says, hooked or not.
#include <gtest/gtest.h>
#include <vector>

#include <quartet/seam/atomic.hpp>

#include "support/recording_machine.hpp"

using namespace quartet;
using seam::kind;

namespace {

void exercise(seam::atomic<int>& a) {
  EXPECT_EQ(a.load(seam::acquire), 0);
  a.store(1, seam::release);
  EXPECT_EQ(a.exchange(2, seam::acq_rel), 1);
  int expected = 5;
  EXPECT_FALSE(a.compare_exchange(expected, 9, seam::seq_cst, seam::relaxed));
  EXPECT_EQ(expected, 2);
  EXPECT_TRUE(a.compare_exchange(expected, 4, seam::seq_cst, seam::relaxed));
  EXPECT_EQ(a.fetch_add(3, seam::relaxed), 4);
  EXPECT_EQ(a.fetch_sub(1, seam::relaxed), 7);
  EXPECT_EQ(a.fetch_or(8, seam::relaxed), 6);
  EXPECT_EQ(a.fetch_and(12, seam::relaxed), 14);
  EXPECT_EQ(*a.address(), 12);
}

}  // namespace

TEST(atomic, does_what_it_says_on_the_real_machine) {
  seam::atomic<int> a{0};
  exercise(a);
}

TEST(atomic, a_quiet_operation_does_the_same_and_tells_nobody) {
  test::recording_machine m;
  seam::machine_scope const scope(m);
  constexpr seam::quiet q;
  seam::atomic<int> a{0};
  a.store(1, seam::release, q);
  EXPECT_EQ(a.exchange(2, seam::acq_rel, q), 1);
  int expected = 5;
  EXPECT_FALSE(a.compare_exchange(expected, 9, seam::seq_cst, seam::relaxed, q));
  EXPECT_EQ(expected, 2);
  EXPECT_TRUE(a.compare_exchange(expected, 4, seam::seq_cst, seam::relaxed, q));
  EXPECT_EQ(a.fetch_add(3, seam::relaxed, q), 4);
  EXPECT_EQ(a.fetch_sub(1, seam::relaxed, q), 7);
  seam::fence(q);
  EXPECT_EQ(a.load(seam::acquire, q), 6);
  EXPECT_TRUE(m.operations().empty());
}

TEST(atomic, each_operation_names_kind_object_access_order_and_place) {
#if QUARTET_SIM
  test::recording_machine m;
  seam::machine_scope const scope(m);
  seam::atomic<int> a{0};
  exercise(a);
  auto const seen = m.operations();
  std::vector<kind> kinds;
  for (auto const& o : seen) {
    EXPECT_EQ(o.object, &a);
    EXPECT_EQ(o.writes, o.what != kind::load);
    EXPECT_TRUE(std::string_view(o.where.file).ends_with("seam/atomic.test.cpp"));
    EXPECT_STREQ(o.where.function, "exercise");
    kinds.push_back(o.what);
  }
  EXPECT_EQ(kinds, (std::vector{kind::load, kind::store, kind::exchange, kind::compare_exchange,
                                kind::compare_exchange, kind::fetch_modify, kind::fetch_modify,
                                kind::fetch_modify, kind::fetch_modify}));
  EXPECT_EQ(seen[0].order, seam::acquire);
  EXPECT_EQ(seen[1].order, seam::release);
  EXPECT_LT(seen[0].where.line, seen[1].where.line);
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}

TEST(atomic, the_bare_policy_is_silent_and_the_announced_one_is_not) {
  test::recording_machine m;
  seam::machine_scope const scope(m);
  seam::bare::atomic<int> quiet{1};
  EXPECT_EQ(quiet.fetch_add(1, seam::relaxed), 1);
  EXPECT_EQ(quiet.fetch_sub(2, seam::relaxed), 2);
  EXPECT_EQ(quiet.exchange(5, seam::relaxed), 0);
  int expected = 5;
  EXPECT_TRUE(quiet.compare_exchange(expected, 6, seam::seq_cst, seam::relaxed));
  quiet.store(7, seam::relaxed);
  EXPECT_EQ(quiet.load(seam::relaxed), 7);
  seam::bare::fence();
  EXPECT_TRUE(m.operations().empty());
#if QUARTET_SIM
  seam::announced::fence();
  EXPECT_EQ(m.count(kind::fence, nullptr), 1u);
#endif
}
