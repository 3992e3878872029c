// SPDX-License-Identifier: Apache-2.0
// The acceptance cases: each mistake is found in every trial, and no twin gives a false alarm.
//
// QUARTET_TRIALS and QUARTET_SILENT raise the numbers of trials and of schedules of the twins.
#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <set>
#include <string>

#include "cases/explore.hpp"

using namespace quartet;
using cases::all_cases;
using cases::explorer;
using cases::search;
using cases::sim_case;
using cases::story;

namespace quartet::cases {
// As GoogleTest shows it.
static void PrintTo(sim_case const& c, std::ostream* to) { *to << c.number << ' ' << c.name; }
}  // namespace quartet::cases

namespace {

// A sanitizer slows runs down, and a few of them show it what there is to see.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool sanitized = false;
#endif
constexpr std::uint64_t trials_by_default = sanitized ? 3 : 10;
constexpr std::uint64_t silent_by_default = sanitized ? 500 : 10'000;

std::uint64_t from_environment(char const* name, std::uint64_t otherwise) {
  char const* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::vector<sim_case> explored() {
  std::vector<sim_case> some;
  for (sim_case const& c : all_cases())
    if (c.pending == nullptr) some.push_back(c);
  return some;
}

std::string numbered(sim_case const& c) { return std::to_string(c.number) + "_" + c.name; }

class acceptance : public testing::TestWithParam<sim_case> {};

}  // namespace

TEST_P(acceptance, a_mistake_is_found_within_two_thousand_schedules_in_every_trial) {
  sim_case const& c = GetParam();
  explorer e(c, cases::broken);
  bool const must = !c.slow;
  std::uint64_t const trials = must ? from_environment("QUARTET_TRIALS", trials_by_default) : 1;
  for (std::uint64_t trial = 1; trial <= trials; ++trial) {
    search const s = e.look(trial, 2000);
    ASSERT_NE(s.how, search::end::false_alarm) << "seed " << s.seed << ": " << story(s.last);
    ASSERT_TRUE(!must || s.how == search::end::shown) << "trial " << trial;
  }
}

TEST_P(acceptance, a_mended_twin_stays_silent) {
  sim_case const& c = GetParam();
  explorer e(c, cases::mended);
  std::uint64_t const limit = from_environment("QUARTET_SILENT", silent_by_default) / c.heavy;
  if (c.heavy != 1) std::printf("%llu schedules\n", static_cast<unsigned long long>(limit));
  search const s = e.look(0, limit);
  EXPECT_EQ(s.how, search::end::nothing) << "seed " << s.seed << ": " << story(s.last);
}

INSTANTIATE_TEST_SUITE_P(cases, acceptance, testing::ValuesIn(explored()),
                         [](auto const& each) { return numbered(each.param); });

TEST(cases, every_number_from_1_to_47_has_a_case_and_every_name_is_used_once) {
  std::set<std::string> names;
  std::set<int> numbers;
  for (sim_case const& c : all_cases()) {
    EXPECT_TRUE(names.insert(c.name).second) << c.name;
    numbers.insert(c.number);
    EXPECT_EQ(c.pending == nullptr, c.broken != nullptr && c.mended != nullptr) << c.name;
  }
  EXPECT_EQ(numbers.size(), 47U);
  EXPECT_EQ(*numbers.begin(), 1);
  EXPECT_EQ(*numbers.rbegin(), 47);
}

TEST(cases, a_seed_gives_the_same_run_again) {
  for (sim_case const& c : explored()) {
    explorer first(c, cases::mended), again(c, cases::mended);
    EXPECT_EQ(first.points(), again.points()) << c.name;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      auto const a = first.run(seed), b = again.run(seed);
      ASSERT_EQ(a.trace_hash, b.trace_hash) << c.name << ", seed " << seed;
    }
  }
}
