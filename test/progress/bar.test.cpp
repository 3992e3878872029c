// SPDX-License-Identifier: Apache-2.0
// What a person sees of progress.
#include <gtest/gtest.h>

#include <quartet/progress/bar.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {
struct frozen : seam::machine {
  time_point now() noexcept override { return at; }
  time_point at{1s};
};
progress_snapshot some() {
  return {.total = 1000, .ended = 250, .failed = 0, .elapsed = 5s, .rate = 50, .left = 15s};
}
}  // namespace

TEST(progress_bar, draws_counts_rate_and_time_left) {
  progress_style const style{.terminal = true, .columns = 60, .what = "images"};
  EXPECT_EQ(draw_bar(some(), style), "images [######                  ] 250/1000  50/s  15 s left");
  EXPECT_EQ(draw_line(some(), style), "images: 250/1000  50/s  15 s left");
}

TEST(progress_bar, fits_a_narrow_terminal) {
  EXPECT_LT(draw_bar(some(), {.terminal = true, .columns = 20, .what = "images"}).size(), 20u);
}

TEST(progress_bar, times_are_short) {
  EXPECT_EQ(short_time(400ms), "1 s");
  EXPECT_EQ(short_time(185s), "3 min 5 s");
  EXPECT_EQ(short_time(7440s), "2 h 4 min");
}

TEST(progress_bar, on_a_terminal_it_is_redrawn_ten_times_a_second_at_most_and_taken_away) {
  frozen time;
  seam::machine_scope scope(time);
  std::string screen;
  progress_bar bar({.terminal = true, .columns = 60, .what = "images"},
                   [&](std::string_view text) { screen += text; });
  bar.on_added(2);
  bar.on_ended(ending::value);
  EXPECT_EQ(screen, "");
  time.at += 100ms;
  bar.on_ended(ending::value);
  EXPECT_NE(screen.find("2/2"), std::string::npos);
  screen.clear();
  bar.say("a line");
  EXPECT_EQ(screen, "\r\x1b[Ka line\n");
  screen.clear();
  bar.finish();
  EXPECT_EQ(screen, "");  // nothing was drawn since the line
}

TEST(progress_bar, elsewhere_it_says_a_line_every_ten_seconds) {
  frozen time;
  seam::machine_scope scope(time);
  std::string log;
  progress_bar bar({.what = "images"}, [&](std::string_view text) { log += text; });
  bar.on_added(4);
  bar.on_ended(ending::value);
  time.at += 10s;
  bar.on_ended(ending::value);
  EXPECT_EQ(log, "images: 2/4  0.2/s  10 s left\n");
}
