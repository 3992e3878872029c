// SPDX-License-Identifier: Apache-2.0
// Explorations as tests of GoogleTest.
#pragma once

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <utility>

#include <quartet/test/explore.hpp>

namespace quartet::detail {

/// `body` with GoogleTest's expectations: one that fails is a failed check of the run, at its end.
/// Threads: of one run. Stop: not concerned. Errors: what the body throws.
/// Lifetime: `body` outlives it.
template <class F> class expecting {
 public:
  explicit expecting(F body) : body_(std::move(body)) {}
  void operator()() {
    testing::TestPartResultArray results;
    {
      using reporter = testing::ScopedFakeTestPartResultReporter;
      // Simulated threads are all this one.
      reporter const listens(reporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
      body_();
    }
    for (int i = 0; i != results.size(); ++i) {
      testing::TestPartResult const& r = results.GetTestPartResult(i);
      if (r.failed()) {
        place const where{r.file_name() == nullptr ? "" : r.file_name(),
                          static_cast<unsigned>(r.line_number()), "the body"};
        check(false, r.message(), where);
      }
    }
  }

 private:
  F body_;
};

template <class F> void explore_as_test(explore_options const& o, F body) {
  explore_report const r = explore(o, expecting(std::move(body)));
  if (!r.passed()) ADD_FAILURE() << r.text();
}

}  // namespace quartet::detail

/// A test whose body runs under many schedules: `QUARTET_EXPLORE(bank, money_is_kept) { … }`, or
/// with options: `QUARTET_EXPLORE(bank, money_is_kept, .schedules = 500) { … }`. The body makes all
/// that it uses; EXPECT_…, ASSERT_… and `check` work in it. Compile the file with QUARTET_CHECK=1
/// so that uses of `shared` data are watched.
/// Example: test/gtest.test.cpp, a_bank_keeps_its_money.
#define QUARTET_EXPLORE(suite, name, ...)                                       \
  static void quartet_explored_##suite##_##name();                              \
  TEST(suite, name) {                                                           \
    ::quartet::detail::explore_as_test(::quartet::explore_options{__VA_ARGS__}, \
                                       &quartet_explored_##suite##_##name);     \
  }                                                                             \
  static void quartet_explored_##suite##_##name()
