// SPDX-License-Identifier: Apache-2.0
// Call stacks of threads that wait, that spin, and that do not exist.
#include <algorithm>
#include <gtest/gtest.h>
#include <string>

#include <quartet/os/call_stack.hpp>
#include <quartet/os/code_place.hpp>
#include <quartet/os/thread_sample.hpp>
#include <quartet/seam/atomic.hpp>

#include "looked_at.hpp"

namespace quartet {
namespace {

using os::call_stack;

/// The functions in a stack, the innermost first, with what was inlined.
std::vector<std::string> functions(std::vector<void const*> const& stack) {
  os::code_places places;
  std::vector<std::string> all;
  for (void const* const code : stack) places.want(code);
  for (void const* const code : stack)
    for (os::code_frame const& f : places.at(code)) all.push_back(f.function);
  return all;
}

std::ptrdiff_t index_of(std::vector<std::string> const& all, std::string const& part) {
  return std::find_if(all.begin(), all.end(),
                      [&](std::string const& f) { return f.find(part) != f.npos; }) -
         all.begin();
}

std::string joined(std::vector<std::string> const& all) {
  std::string text;
  for (std::string const& f : all) text += f + "\n";
  return text;
}

/// Of a thread that waits in a system call.
struct waiting_stack : testing::Test {
  void SetUp() override {
    if (look.code == 0) GTEST_SKIP() << "needs /proc/self/task/N/syscall";
#if !defined(__x86_64__)
    GTEST_SKIP() << "needs x86-64";
#endif
  }
  auto stack(std::uintptr_t bottom = ~std::uintptr_t(), std::size_t most = 32) const {
    return call_stack({look.code, look.stack, {}, bottom}, most);
  }

  waiting_thread const t;
  os::thread_look const look = look_when_waiting(t.id());
};

TEST_F(waiting_stack, is_seen_down_to_where_the_thread_began) {
  auto const all = functions(stack());
  if (all.empty()) GTEST_SKIP() << "needs addr2line";
  auto const inner = index_of(all, "wait_here"), outer = index_of(all, "_M_run");
  EXPECT_LT(inner, outer) << joined(all);
  EXPECT_LT(outer, std::ssize(all)) << joined(all);
}

TEST_F(waiting_stack, is_no_longer_than_wanted) {
  EXPECT_EQ(stack(~std::uintptr_t(), 1).size(), 1u);
  EXPECT_EQ(stack(~std::uintptr_t(), 0).size(), 0u);
}

TEST_F(waiting_stack, ends_at_the_bottom) {
  auto const whole = stack(), part = stack(t.bottom());
  ASSERT_LT(part.size(), whole.size());
  EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin()));
  auto const all = functions(part);
  if (all.empty()) GTEST_SKIP() << "needs addr2line";
  EXPECT_LT(index_of(all, "wait_here"), std::ssize(all)) << joined(all);
  EXPECT_EQ(index_of(all, "_M_run"), std::ssize(all)) << joined(all);
}

TEST(call_stack, a_thread_that_runs_is_seen_from_a_sample) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "needs x86-64";
#endif
#ifdef QUARTET_TSAN
  GTEST_SKIP() << "needs signals in a loop that calls nothing, which thread sanitizer holds back";
#endif
  spinning_thread const t;
  std::optional<os::thread_sample> s;
  while (!s) s = os::thread_sampler::of_process().take(t.id(), std::chrono::seconds(1));
  auto const all = functions(call_stack({s->code, s->stack, s->frame}));
  if (all.empty()) GTEST_SKIP() << "needs addr2line";
  auto const outer = index_of(all, "_M_run");
  EXPECT_LT(0, outer) << joined(all);
  EXPECT_LT(outer, std::ssize(all)) << joined(all);
}

TEST(call_stack, of_nothing_is_empty_and_of_nonsense_short) {
  EXPECT_TRUE(call_stack({}).empty());
  EXPECT_EQ(call_stack({1, 1, {}}).size(), 1u);
  EXPECT_EQ(call_stack({~std::uintptr_t(), ~std::uintptr_t(), 8}).size(), 1u);
  static int const data = 0;
  EXPECT_EQ(call_stack({reinterpret_cast<std::uintptr_t>(&data), 64, 8}).size(), 1u);
  auto const code = reinterpret_cast<std::uintptr_t>(&functions);
  EXPECT_EQ(call_stack({code, 64, 8}).size(), 1u);  // its stack is not there
}

}  // namespace
}  // namespace quartet
