// SPDX-License-Identifier: Apache-2.0
// A task put into an optional.
// expect: quartet: a task cannot be kept
// expect: spawn(f, args...)

#include <optional>

#include <quartet/quartet.hpp>

quartet::task<int> work(int x);
void use(std::optional<quartet::task<int>>& later) { later.emplace(work(1)); }
