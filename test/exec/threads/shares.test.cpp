// SPDX-License-Identifier: Apache-2.0
// Fair queueing in the background: who has how large a share gets that much, by turns or by time.
#include "../../../src/exec/threads/shares.hpp"

#include <chrono>
#include <gtest/gtest.h>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <quartet/algo/fork_join.hpp>
#include <quartet/algo/map.hpp>
#include <quartet/algo/parallel_invoke.hpp>
#include <quartet/core/blocking_group.hpp>
#include <quartet/core/group.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

namespace quartet::detail::pool {
namespace {

using std::chrono::microseconds;

struct waiting_call : call {
  waiting_call(char c, account_number n) : letter(c) { account = n; }
  char letter;
};

/// Queues of calls, and what each letter's calls cost.
struct queues {
  void add(char letter, account_number n, int how_many) {
    for (int i = 0; i != how_many; ++i) {
      all.push_back(std::make_unique<waiting_call>(letter, n));
      q.push(*all.back());
    }
  }
  char next() {
    paid_turn const t = q.pop();
    if (t.of == nullptr) return '.';
    char const letter = static_cast<waiting_call&>(*t.of).letter;
    if (t.paid != duration::zero()) q.book(t, cost[letter]);
    return letter;
  }
  bool take_out(std::size_t which) {
    call const* const c = all[which].get();
    return q.remove_first(c->account, [c](call const& x) { return &x == c; }) == c;
  }
  std::string next(int n) {
    std::string s;
    for (int i = 0; i != n; ++i) s += next();
    return s;
  }
  std::map<char, int> counts(int n) {
    std::map<char, int> c;
    for (char const x : next(n)) ++c[x];
    return c;
  }

  shares q;
  std::map<char, duration> cost;
  std::vector<std::unique_ptr<waiting_call>> all;
};

TEST(shares, without_any_the_first_in_is_the_first_out_and_nothing_is_paid) {
  queues w;
  w.add('a', 0, 2);
  w.add('b', 0, 1);
  EXPECT_EQ(w.q.pop().paid, duration::zero());
  EXPECT_EQ(w.next(3), "ab.");
  w.add('c', 0, 1);
  EXPECT_EQ(w.next(2), "c.");
}

TEST(shares, calls_that_take_no_time_get_turns_by_their_shares) {
  share_account const a(300), b(100);
  queues w;
  w.add('a', a.number(), 400);
  w.add('b', b.number(), 400);
  w.add('0', 0, 400);
  auto const c = w.counts(250);
  EXPECT_EQ(c.at('a'), 150);
  EXPECT_EQ(c.at('b'), 50);
  EXPECT_EQ(c.at('0'), 50);
}

TEST(shares, long_calls_get_fewer_turns) {
  share_account const a(100), b(100);
  queues w;
  w.cost = {{'a', microseconds(899)}, {'b', microseconds(99)}};
  w.add('a', a.number(), 1'000);
  w.add('b', b.number(), 1'000);
  auto const c = w.counts(1'000);
  EXPECT_NEAR(c.at('a'), 100, 10) << "nine times as long, and each turn counts a little";
  EXPECT_NEAR(c.at('b'), 900, 10);
}

TEST(shares, within_an_account_the_first_in_is_the_first_out) {
  share_account const a(1), b(10'000);
  queues w;
  for (char c = 'a'; c != 'g'; ++c) w.add(c, a.number(), 1);
  w.add('B', b.number(), 100);
  std::string seen;
  for (char const c : w.next(106))
    if (c != 'B') seen += c;
  EXPECT_EQ(seen, "abcdef");
}

TEST(shares, who_was_idle_has_saved_nothing_up) {
  share_account const a(100), b(100);
  queues w;
  w.add('a', a.number(), 2'000);
  EXPECT_EQ(w.next(1'000), std::string(1'000, 'a'));
  w.add('b', b.number(), 1'000);
  auto const c = w.counts(100);
  EXPECT_NEAR(c.at('a'), 50, 1);
}

TEST(shares, who_comes_while_all_others_wait_in_account_0_gets_its_share) {
  queues w;
  w.add('0', 0, 100);
  EXPECT_EQ(w.next(), '0');
  share_account const a(200);
  w.add('a', a.number(), 100);
  auto const c = w.counts(90);
  EXPECT_NEAR(c.at('a'), 60, 1);
}

TEST(shares, what_is_taken_out_of_the_middle_is_gone) {
  share_account const a(100);
  queues w;
  w.add('a', a.number(), 3);
  w.add('0', 0, 1);
  EXPECT_TRUE(w.take_out(1));
  EXPECT_FALSE(w.take_out(1));
  EXPECT_TRUE(w.take_out(3));
  EXPECT_EQ(w.next(3), "aa.");
  w.add('0', 0, 1);
  EXPECT_EQ(w.next(2), "0.");
}

TEST(shares, an_account_whose_calls_were_taken_out_goes_on) {
  share_account const a(100), b(100);
  queues w;
  w.add('a', a.number(), 1);
  w.add('b', b.number(), 4);
  EXPECT_TRUE(w.take_out(0));
  w.add('a', a.number(), 2);
  EXPECT_EQ(w.next(7), "ababbb.");
}

TEST(shares, a_refund_is_not_saved_up_while_idle_nor_a_debt_kept) {
  share_account const a(100), b(100);
  for (char const odd : {'a', 'b'}) {
    queues w;
    w.add('a', a.number(), 50);
    w.add('b', b.number(), 50);
    w.cost = {{'a', microseconds(100)}, {'b', microseconds(100)}};
    w.next(20);
    w.cost[odd] = std::chrono::seconds(odd == 'a' ? 1 : 0);  // dear, or cheap; then idle
    w.next(80);
    w.cost[odd] = microseconds(100);
    w.add('0', 0, 200'000);
    w.cost['0'] = std::chrono::milliseconds(1);
    w.next(190'000);
    w.cost['0'] = microseconds(100);
    w.add('a', a.number(), 1'000);
    w.add('b', b.number(), 1'000);
    auto const c = w.counts(300);
    EXPECT_NEAR(c.at('a'), 100, 15) << odd;
    EXPECT_NEAR(c.at('b'), 100, 15) << odd;
  }
}

TEST(shares, a_group_does_not_pay_for_the_one_that_had_its_number) {
  queues w;
  w.cost = {{'a', std::chrono::seconds(1)},
            {'b', std::chrono::seconds(1)},
            {'0', std::chrono::seconds(1)}};
  auto first = std::make_unique<share_account>(1);
  account_number const n = first->number();
  w.add('a', n, 30);
  EXPECT_EQ(w.next(30), std::string(30, 'a'));
  paid_turn late;
  w.add('a', n, 1);
  late = w.q.pop();
  first.reset();
  share_account const second(10'000);
  ASSERT_EQ(second.number(), n);
  w.add('b', n, 100);
  w.q.book(late, std::chrono::hours(1));
  w.add('0', 0, 100);
  auto const c = w.counts(50);
  EXPECT_GE(c.at('b'), 45);
}

TEST(shares, hold_for_decades) {
  share_account const a(1), b(1), c(2);
  queues w;
  for (char const x : {'a', 'b', 'c'}) w.cost[x] = std::chrono::hours(24 * 10);
  w.add('a', a.number(), 500);
  w.add('b', b.number(), 500);
  w.add('c', c.number(), 500);
  auto const n = w.counts(1'000);
  EXPECT_NEAR(n.at('a'), 250, 5);
  EXPECT_NEAR(n.at('b'), 250, 5);
}

TEST(shares, one_long_call_does_not_make_the_next_ones_dear) {
  share_account const a(100);
  queues w;
  w.add('a', a.number(), 1);
  w.q.book(w.q.pop(), std::chrono::hours(1));
  w.add('a', a.number(), 1);
  EXPECT_LT(w.q.pop().paid, std::chrono::milliseconds(1));
}

TEST(share_account, has_a_number_as_long_as_it_lives) {
  account_number number = 0;
  share_account::holder first{};
  {
    share_account const a(7);
    number = a.number();
    first = share_account::holder_of(number);
    EXPECT_NE(number, 0);
    EXPECT_EQ(first.share, 7);
    EXPECT_NE(share_account(7).number(), number);
  }
  EXPECT_EQ(share_account::holder_of(number).share, 0) << "what is left pays as all do";
  share_account const next(9);
  EXPECT_EQ(next.number(), number);
  EXPECT_NE(share_account::holder_of(number).generation, first.generation);
  EXPECT_EQ(share_account(0).number(), 0);
}

TEST(share_account, is_none_where_all_numbers_are_taken) {
  std::vector<std::unique_ptr<share_account>> all;
  while (all.size() != share_account::numbers - 1)
    all.push_back(std::make_unique<share_account>(1));
  EXPECT_NE(all.back()->number(), 0);
  EXPECT_EQ(share_account(1).number(), 0);
}

}  // namespace
}  // namespace quartet::detail::pool

namespace quartet {
namespace {

task<> group_of(unsigned share) {
  co_await with_group({.share = share}, [](group&) -> task<> { co_return; });
}

detail::account_number payer() { return current_task()->account; }

/// A group with a share of its own, and who pays for all the ways in which its tasks start others.
task<> same_payer_everywhere(thread_pool& pool) {
  detail::account_number const before = payer();
  group_options const with_share{.share = 200};
  auto const body = [&](group& g) -> task<> {
    detail::account_number const ours = payer();
    EXPECT_NE(ours, before);
    auto const pays = [&, ours] { EXPECT_EQ(payer(), ours); };
    auto const pays_later = [&, ours]() -> task<> {
      co_await yield();
      EXPECT_EQ(payer(), ours);
    };
    g.spawn(pays);
    g.spawn(pays_later);
    co_await pool.submit(pays);
    co_await pool.submit(pays_later);
    std::vector<int> const items(10);
    auto const pays_each = [&](int) { pays(); };
    auto const pays_each_later = [&](int) { return pays_later(); };
    co_await for_each(pool, items, pays_each);
    co_await for_each(pool, items, pays_each_later);
    co_await fork_join(pays_later, pays_later);
    auto const opens_a_group = [&]() -> task<> {
      auto const waits = [](group&) -> task<> { co_await yield(); };
      co_await with_group(with_share, waits);
    };
    co_await fork_join(opens_a_group, pays_later, pays_later);
    co_await pool.submit([&] { parallel_invoke(pays, pays); });
    co_await pool.submit([&] {
      blocking_group inner(pool);
      inner.spawn(pays);
      inner.spawn(pays_later);
      inner.blocking_join();
    });
    auto const nested = [&](group& inner) -> task<> {
      EXPECT_EQ(payer(), ours);
      inner.spawn(pays);
      co_return;
    };
    co_await with_group(nested);
    auto const of_its_own = [&, ours](group&) -> task<> {
      EXPECT_NE(payer(), ours);
      co_return;
    };
    co_await with_group(with_share, of_its_own);
    EXPECT_EQ(payer(), ours);
  };
  co_await with_group(with_share, body);
  EXPECT_EQ(payer(), before);
}

TEST(shares, all_that_a_group_starts_is_paid_by_it) {
  for (unsigned const workers : {1u, 2u}) {
    thread_pool pool({.workers = workers});
    pool.submit(same_payer_everywhere, std::ref(pool)).blocking_get();
  }
}

TEST(shares, an_absurd_one_is_refused_by_name) {
  thread_pool pool({.workers = 1});
  EXPECT_NO_THROW(pool.submit(group_of, 10'000u).blocking_get());
  try {
    pool.submit(group_of, 10'001u).blocking_get();
    FAIL() << "accepted";
  } catch (std::invalid_argument const& e) {
    EXPECT_STREQ(e.what(), "share = 10001: a group has 1 to 10000, other work has 100");
  }
}

}  // namespace
}  // namespace quartet
