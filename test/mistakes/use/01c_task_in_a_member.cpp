// SPDX-License-Identifier: Apache-2.0
// A task kept in a member.
// expect: quartet: a task cannot be kept
// expect: spawn(f, args...)

#include <quartet/quartet.hpp>

struct job {
  explicit job(quartet::task<int> t) : pending(std::move(t)) {}
  quartet::task<int> pending;
};
