// SPDX-License-Identifier: Apache-2.0
// The sleep word: whom a publisher has to wake, and who has to look again.
#include <gtest/gtest.h>

#include <quartet/lockfree/sleep_word.hpp>

using quartet::lockfree::sleep_word;

TEST(sleep_word, a_publisher_calls_one_of_the_idle_and_only_once) {
  sleep_word w(2);
  EXPECT_TRUE(w.wants_call());
  EXPECT_TRUE(w.call_one());
  EXPECT_TRUE(w.called());
  EXPECT_FALSE(w.wants_call());
  EXPECT_FALSE(w.call_one());
}

TEST(sleep_word, nobody_is_called_while_one_searches_or_all_run) {
  sleep_word w(2);
  w.rise();
  EXPECT_FALSE(w.wants_call());
  EXPECT_FALSE(w.call_one());
  EXPECT_TRUE(w.end_search()) << "the last searcher, and one is idle";
  EXPECT_TRUE(w.wants_call());
  w.rise();
  EXPECT_FALSE(w.end_search()) << "nobody is idle: nobody could be missed";
  EXPECT_FALSE(w.any_idle());
  EXPECT_FALSE(w.wants_call());
  EXPECT_FALSE(w.hungry());
}

TEST(sleep_word, who_rises_takes_the_call_with_him) {
  sleep_word w(2);
  ASSERT_TRUE(w.call_one());
  EXPECT_TRUE(w.rise_to_run()) << "he cannot search, so he must look and call another";
  EXPECT_FALSE(w.called());
  EXPECT_TRUE(w.call_one());
  w.uncall();
  EXPECT_TRUE(w.wants_call());
}

TEST(sleep_word, who_waits_for_a_part_is_hungry_but_not_to_be_called) {
  sleep_word w(1);
  w.rise_to_run();
  EXPECT_FALSE(w.hungry());
  w.join();
  EXPECT_TRUE(w.hungry());
  EXPECT_FALSE(w.wants_call());
  EXPECT_FALSE(w.call_one());
  w.joined();
  EXPECT_FALSE(w.hungry());
}

TEST(sleep_word, no_more_search_than_are_wanted_unless_one_was_called) {
  sleep_word w(3);
  for (int i = 0; i != 3; ++i) w.rise_to_run();
  EXPECT_TRUE(w.try_search(1));
  EXPECT_FALSE(w.try_search(1));
  w.lie_down(true);
  ASSERT_TRUE(w.call_one());
  EXPECT_TRUE(w.try_search(0));
  EXPECT_FALSE(w.called());
  w.lie_down(false);
  EXPECT_TRUE(w.any_idle());
}
