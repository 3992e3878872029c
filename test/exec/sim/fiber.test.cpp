// SPDX-License-Identifier: Apache-2.0
// Fibers: a thread goes on with another stack, and what is a thread's own goes with it.
#include <cerrno>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <vector>

#include <quartet/exec/sim/detail/fiber.hpp>

using quartet::detail::sim::fiber;
namespace seam = quartet::seam;

namespace {

/// Two flows of control that take turns.
struct pair {
  fiber thread;
  fiber other;
  std::vector<std::string> said;
  seam::context context;
  explicit pair(fiber::body run) : other(run, this, &context) {}
  void to_other() { other.enter_from(thread); }
  void back() { thread.enter_from(other); }
  [[noreturn]] void end() {
    thread.enter_after(other);
    std::abort();
  }
};

}  // namespace

TEST(fiber, two_flows_take_turns_and_keep_their_variables) {
  pair p([](void* at) {
    auto& both = *static_cast<pair*>(at);
    std::string const mine = "other";
    for (int i = 0; i < 3; ++i) {
      both.said.push_back(mine + std::to_string(i));
      both.back();
    }
    both.end();
  });
  std::vector<std::string> expected;
  for (int i = 0; i < 3; ++i) {
    p.to_other();
    p.said.push_back("thread" + std::to_string(i));
    expected.push_back("other" + std::to_string(i));
    expected.push_back("thread" + std::to_string(i));
  }
  p.to_other();  // to its end: no object of its stack is left
  EXPECT_EQ(p.said, expected);
}

TEST(fiber, exceptions_in_flight_stay_with_their_flow) {
  pair p([](void* at) {
    auto& both = *static_cast<pair*>(at);
    try {
      throw std::runtime_error("of the fiber");
    } catch (std::runtime_error const&) {
      both.back();
      try {
        throw;
      } catch (std::runtime_error const& again) {
        both.said.emplace_back(again.what());
      }
    }
    both.said.push_back(std::to_string(std::uncaught_exceptions()));
    both.end();
  });
  try {
    throw std::out_of_range("of the thread");
  } catch (std::out_of_range const&) {
    p.to_other();
    try {
      throw;
    } catch (std::out_of_range const& again) {
      p.said.emplace_back(again.what());
    }
    p.to_other();
  }
  EXPECT_EQ(p.said, (std::vector<std::string>{"of the thread", "of the fiber", "0"}));
}

TEST(fiber, errno_and_context_are_its_own) {
  pair p([](void* at) {
    auto& both = *static_cast<pair*>(at);
    EXPECT_EQ(seam::current(), &both.context);
    errno = 7;
    both.back();
    EXPECT_EQ(errno, 7);
    both.end();
  });
  seam::context* const before = seam::current();
  errno = 3;
  p.to_other();
  EXPECT_EQ(errno, 3);
  EXPECT_EQ(seam::current(), before);
  p.to_other();
}

TEST(fiber, one_that_is_abandoned_is_never_heard_of_again) {
  pair p([](void* at) {
    auto& both = *static_cast<pair*>(at);
    std::string const kept(100, 'x');
    both.back();
    ADD_FAILURE() << kept;
  });
  p.to_other();
  p.other.abandon();
}
