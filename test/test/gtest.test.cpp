// SPDX-License-Identifier: Apache-2.0
// Explorations as tests: expectations inside a body are failures of a schedule.
#define QUARTET_CHECK 1
#include <string>

#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/test/gtest.hpp>

using namespace quartet;

QUARTET_EXPLORE(explored, a_bank_keeps_its_money) {
  seam::mutex m;
  shared<int> here{100}, there{0};
  auto const move = [&](int sum) {
    seam::guard g(m);
    here -= sum;
    there += sum;
  };
  {
    seam::thread a([&] { move(30); }), b([&] { move(50); });
  }
  EXPECT_EQ(here + there, 100);
  EXPECT_EQ(there, 80);
}

QUARTET_EXPLORE(explored, options_are_given_behind_the_name, .schedules = 20, .explorers = 2) {
  seam::thread a([] {}), b([] {});
}

namespace {

void expects_nonsense() {
  seam::atomic<int> n{0};
  {
    seam::thread a([&] { n.store(n.load(seam::relaxed) + 1, seam::relaxed); });
    seam::thread b([&] { n.store(n.load(seam::relaxed) + 1, seam::relaxed); });
  }
  EXPECT_EQ(n.load(seam::relaxed), 2) << "an update was lost";
}

}  // namespace

TEST(explored, a_failed_expectation_is_the_failure_of_a_schedule) {
  explore_report const r = explore(detail::expecting(&expects_nonsense));
  ASSERT_TRUE(r.failure);
  EXPECT_EQ(r.failure->kind, "a check failed");
  EXPECT_NE(r.failure->what.find("an update was lost"), std::string::npos) << r.failure->what;
  EXPECT_NE(r.failure->what.find("gtest.test.cpp:"), std::string::npos) << r.failure->what;
  EXPECT_LE(r.failure->switches, 2U);
}

TEST(explored, it_fails_the_test_and_prints_the_report) {
  testing::TestPartResultArray results;
  {
    using reporter = testing::ScopedFakeTestPartResultReporter;
    reporter const listens(reporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
    detail::explore_as_test({}, &expects_nonsense);
  }
  ASSERT_EQ(results.size(), 1);
  std::string const text = results.GetTestPartResult(0).message();
  EXPECT_NE(text.find("to see it again: QUARTET_SEED="), std::string::npos) << text;
}
