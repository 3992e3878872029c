// SPDX-License-Identifier: Apache-2.0
// The calls of a thread that waits, against those that it is known to have made.
#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include <quartet/os/call_stack.hpp>
#include <quartet/os/code_place.hpp>

#include "looked_at.hpp"

using namespace quartet;

namespace {

std::vector<std::string> functions_of(std::vector<std::uintptr_t> const& calls) {
  os::code_places places;
  std::vector<std::string> all;
  for (auto const c : calls)
    for (auto const& f : places.at(reinterpret_cast<void const*>(c))) all.push_back(f.function);
  return all;
}

std::ptrdiff_t index_in(std::vector<std::string> const& all, std::string const& part) {
  return std::find_if(all.begin(), all.end(),
                      [&](std::string const& f) { return f.find(part) != f.npos; }) -
         all.begin();
}

}  // namespace

TEST(call_stack, the_callers_of_a_waiting_thread_are_found_from_the_innermost) {
  waiting_thread t;
  os::thread_look const look = look_when_waiting(t.id());
  if (look.code == 0) GTEST_SKIP() << "needs /proc/self/task/N/syscall";
  auto const calls = os::call_stack(look.code, look.stack);
  ASSERT_GE(calls.size(), 3u);
  EXPECT_EQ(calls.front(), look.code);
  auto const all = functions_of(calls);
  if (std::all_of(all.begin(), all.end(), [](auto const& f) { return f == "??"; }))
    GTEST_SKIP() << "needs addr2line";
  auto const last = static_cast<std::ptrdiff_t>(all.size());
  auto const inner = index_in(all, "wait_here"), outer = index_in(all, "waiting_thread");
  EXPECT_LT(inner, last) << ::testing::PrintToString(all);
  EXPECT_LT(outer, last) << ::testing::PrintToString(all);
  EXPECT_LE(inner, 4) << ::testing::PrintToString(all);
}

TEST(call_stack, a_stack_that_is_gone_has_no_callers) {
  EXPECT_EQ(os::call_stack(1, 4096).size(), 1u);
}
