// SPDX-License-Identifier: Apache-2.0
// The options reach the executor with the call.
#include <gtest/gtest.h>
#include <string>

#include <quartet/algo/map.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

/// Keeps what it was given, and settles it as stopped.
class looking : public executor_members<any_call> {
 public:
  void start(call& c) noexcept override {
    seen_timeout = c.timeout;
    seen_workers = c.workers;
    seen_chunk = c.chunk;
    seen_level = c.level;
    seen_name = c.name;
    seen_line = c.where.line;
    c.fail(c, 0, c.count, ending::stopped, nullptr);
  }
  timer_service& timers() noexcept override { std::abort(); }

  duration seen_timeout{};
  unsigned seen_workers = 0, seen_line = 0;
  std::size_t seen_chunk = 0;
  priority seen_level = priority::normal;
  std::string seen_name;
};

int same(int x) { return x; }

}  // namespace

TEST(bulk_options, every_option_travels_with_the_call) {
  looking e;
  std::vector<int> const items{1, 2, 3};
  bulk_options o{.timeout = 5s, .workers = 3, .chunk = 7, .level = priority::high, .name = "work"};
  unsigned const line = __LINE__ - 1;
  EXPECT_THROW(map(e, items, same, o).blocking_get(), stopped);
  EXPECT_EQ(e.seen_timeout, 5s);
  EXPECT_EQ(e.seen_workers, 3u);
  EXPECT_EQ(e.seen_chunk, 7u);
  EXPECT_EQ(e.seen_level, priority::high);
  EXPECT_EQ(e.seen_name, "work");
  EXPECT_EQ(e.seen_line, line);
}

TEST(bulk_options, can_stand_in_an_await_expression) {
  static_assert(std::is_trivially_destructible_v<bulk_options>);
}
