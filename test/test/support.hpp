// SPDX-License-Identifier: Apache-2.0
// What the tests of explorations share: bodies that fail, and the failure that must be there.
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <string_view>

#include <quartet/seam/check.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/test/explore.hpp>

namespace explore_test {

using namespace quartet;

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

/// Two threads, "left" and "right", that end in a deadlock under some schedules.
inline void opposite_locks() {
  seam::mutex a, b;
  auto const both = [](seam::mutex& first, seam::mutex& second) {
    first.lock();
    second.lock();
    second.unlock();
    first.unlock();
  };
  seam::thread x([&] { both(a, b); }, "left");
  seam::thread y([&] { both(b, a); }, "right");
}

/// A check fails if both threads look before one of them takes.
inline void half_withdrawal() {
  seam::mutex m;
  int balance = 100;
  auto const withdraw = [&] {
    m.lock();
    bool const covered = balance >= 100;
    m.unlock();
    m.lock();
    if (covered) balance -= 100;
    check(balance >= 0, "the balance is not negative");
    m.unlock();
  };
  seam::thread a(withdraw, "a"), b(withdraw, "b");
}

/// The failure that must be there, and whose number must bring it back.
template <class F> explore_failure failure_of(F body, explore_options const& o = {}) {
  explore_report const r = explore(o, body);
  if (!r.failure) {
    ADD_FAILURE() << r.text();
    return {};
  }
  EXPECT_FALSE(r.passed());
  for (std::string const& token : {r.failure->token, r.failure->shortest}) {
    explore_report const again = replay(token, body, o);
    EXPECT_TRUE(again.failure) << token << "\n" << r.text();
    if (again.failure) {
      EXPECT_EQ(again.failure->kind, r.failure->kind);
    }
  }
  return *r.failure;
}

}  // namespace explore_test
