// SPDX-License-Identifier: Apache-2.0
// The channel: order, meeting, closing, stops that lose nothing.
#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>

#include <quartet/sync/channel.hpp>

#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::ending_of;

namespace {

task<> send_all(channel<int>* c, int first, int last) {
  for (int i = first; i < last; ++i) co_await c->send(i);
}
task<std::vector<int>> recv_all(channel<int>* c) {
  std::vector<int> got;
  while (auto item = co_await c->recv()) got.push_back(*item);
  co_return got;
}
task<std::optional<int>> recv_one(channel<int>* c) { co_return co_await c->recv(); }
task<> recv_into(channel<int>* c, std::vector<int>* out) {
  if (auto item = co_await c->recv()) out->push_back(*item);
}

std::vector<int> numbers(int n) {
  std::vector<int> v(static_cast<std::size_t>(n));
  std::iota(v.begin(), v.end(), 0);
  return v;
}

}  // namespace

TEST(channel, a_loop_receives_until_the_channel_is_closed) {
  manual_executor e;
  channel<int> c(3);
  auto sender = e.submit([&c]() -> task<> {
    for (int i = 0; i < 10; ++i) co_await c.send(i);
    c.close();
  });
  auto receiver = e.submit(recv_all, &c);
  e.run_until_idle();
  EXPECT_EQ(receiver.blocking_get(), numbers(10));
  sender.blocking_get();
}

TEST(channel, a_full_channel_makes_senders_wait) {
  manual_executor e;
  channel<int> c(2);
  EXPECT_EQ(c.capacity(), 2u);
  auto f = e.submit(send_all, &c, 0, 3);
  e.run_until_idle();
  EXPECT_FALSE(f.done());
  EXPECT_EQ(c.size(), 2u);
  EXPECT_EQ(c.try_recv(), 0);
  e.run_until_idle();
  EXPECT_TRUE(f.done());
  EXPECT_EQ(c.size(), 2u) << "the place went to the one who waited";
  f.blocking_get();
}

TEST(channel, with_capacity_zero_both_meet) {
  manual_executor e;
  channel<int> c;
  auto sender = e.submit(send_all, &c, 7, 8);
  e.run_until_idle();
  EXPECT_FALSE(sender.done());
  EXPECT_EQ(c.size(), 0u);
  auto receiver = e.submit(recv_one, &c);
  e.run_until_idle();
  EXPECT_TRUE(sender.done());
  EXPECT_EQ(receiver.blocking_get(), 7);
  auto early = e.submit(recv_one, &c);
  e.run_until_idle();
  EXPECT_TRUE(c.try_send(8)) << "a receiver waits";
  EXPECT_FALSE(c.try_send(9));
  e.run_until_idle();
  EXPECT_EQ(early.blocking_get(), 8);
  sender.blocking_get();
}

TEST(channel, receivers_and_senders_are_served_in_the_order_of_arrival) {
  manual_executor e;
  channel<int> c(1);
  std::vector<future<std::optional<int>>> receivers;
  for (int i = 0; i < 5; ++i) {
    receivers.push_back(e.submit(recv_one, &c));
    e.run_until_idle();
  }
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(c.try_send(i)) << "each goes to a receiver";
  e.run_until_idle();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(receivers[static_cast<unsigned>(i)].blocking_get(), i);
  std::vector<future<void>> senders;
  for (int i = 0; i < 5; ++i) {
    senders.push_back(e.submit(send_all, &c, i, i + 1));
    e.run_until_idle();
  }
  for (int i = 0; i < 5; ++i) EXPECT_EQ(c.blocking_recv(), i);
  for (auto& f : senders) f.blocking_get();
}

TEST(channel, a_new_sender_does_not_overtake_those_who_wait) {
  manual_executor e;
  channel<int> c(1);
  auto waiting = e.submit(send_all, &c, 0, 2);
  e.run_until_idle();
  EXPECT_EQ(c.try_recv(), 0);
  EXPECT_FALSE(c.try_send(99)) << "the place belongs to the sender that waits";
  EXPECT_EQ(c.try_recv(), 1);
  waiting.blocking_get();
}

TEST(channel, closing_ends_receivers_and_refuses_senders) {
  manual_executor e;
  channel<int> empty, full(1);
  auto a = e.submit(recv_one, &empty);
  auto b = e.submit(recv_one, &empty);
  EXPECT_TRUE(full.try_send(1));
  auto late = e.submit(send_all, &full, 2, 3);
  e.run_until_idle();
  EXPECT_FALSE(full.is_closed());
  empty.close();
  full.close();
  full.close();
  EXPECT_TRUE(full.is_closed());
  e.run_until_idle();
  EXPECT_EQ(a.blocking_get(), std::nullopt);
  EXPECT_EQ(b.blocking_get(), std::nullopt);
  EXPECT_THROW(late.blocking_get(), closed);
  EXPECT_EQ(full.blocking_recv(), 1) << "what was sent before can be received";
  EXPECT_EQ(full.blocking_recv(), std::nullopt);
  EXPECT_THROW(full.blocking_send(4), closed);
  EXPECT_THROW((void)full.try_send(4), closed);
  EXPECT_EQ(full.try_recv(), std::nullopt);
}

TEST(channel, a_failed_send_leaves_the_item_with_the_caller) {
  manual_executor e;
  channel<std::unique_ptr<int>> c;
  auto mine = std::make_unique<int>(5);
  auto f = e.submit([&]() -> task<> { co_await c.send(std::move(mine)); });
  e.run_until_idle();
  EXPECT_FALSE(f.done());
  f.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::stopped);
  ASSERT_TRUE(mine);
  EXPECT_FALSE(c.try_send(std::move(mine)));
  ASSERT_TRUE(mine);
  EXPECT_THROW(c.blocking_send_for(1us, std::move(mine)), timed_out);
  ASSERT_TRUE(mine);
  c.close();
  EXPECT_THROW(c.blocking_send(std::move(mine)), closed);
  ASSERT_TRUE(mine);
  EXPECT_EQ(*mine, 5);
}

TEST(channel, a_stopped_recv_loses_no_item) {
  manual_executor e;
  channel<int> c;
  std::vector<int> first_got, second_got;
  auto first = e.submit(recv_into, &c, &first_got);
  auto second = e.submit(recv_into, &c, &second_got);
  e.run_until_idle();
  first.stop();
  EXPECT_TRUE(c.try_send(1));
  e.run_until_idle();
  EXPECT_EQ(ending_of(first), ending::stopped);
  EXPECT_EQ(second_got, std::vector<int>{1});
  second.blocking_get();
}

TEST(channel, a_stop_after_the_hand_over_does_not_take_the_item_away) {
  manual_executor e;
  channel<int> c;
  std::vector<int> got;
  auto f = e.submit(recv_into, &c, &got);
  e.run_until_idle();
  EXPECT_TRUE(c.try_send(1));
  f.stop();
  e.run_until_idle();
  EXPECT_EQ(got, std::vector<int>{1});
  EXPECT_EQ(ending_of(f), ending::value);
}

TEST(channel, a_task_stopped_before_takes_nothing) {
  manual_executor e;
  channel<int> c(1);
  EXPECT_TRUE(c.try_send(1));
  bool stopped_there = false;
  e.submit([&]() -> task<> {
     co_await with_group([&](group& g) -> task<> {
       g.stop();
       try {
         (void)co_await c.recv();
       } catch (stopped const&) {
         stopped_there = true;
       }
     });
   }).blocking_get();
  EXPECT_TRUE(stopped_there);
  EXPECT_EQ(c.size(), 1u);
}

TEST(channel, bounded_verbs_end_at_their_deadline) {
  manual_executor e;
  channel<int> c;
  auto const start = e.now();
  auto r = e.submit([&]() -> task<> { (void)co_await c.recv_for(1h); });
  EXPECT_THROW(r.blocking_get(), timed_out);
  auto s = e.submit([&]() -> task<> { co_await c.send_for(2h, 1); });
  EXPECT_THROW(s.blocking_get(), timed_out);
  EXPECT_EQ(e.now() - start, 3h);
  EXPECT_THROW((void)c.blocking_recv_for(1us), timed_out);
  EXPECT_THROW((void)c.blocking_recv_until(clock::now()), timed_out);
  auto in_time = e.submit([&]() -> task<int> { co_return *co_await c.recv_until(after(1h)); });
  e.run_until_idle();
  c.blocking_send_until(never, 4);
  EXPECT_EQ(in_time.blocking_get(), 4);
}

TEST(channel, an_absurd_capacity_is_refused) {
  EXPECT_THROW(channel<int>(std::size_t(1) << 62), std::exception);
}

// Each way of giving an item in a co_await expression that GCC 12 compiles rightly; what it
// destroys twice the address sanitizer sees.
TEST(channel, each_safe_spelling_of_an_item) {
  manual_executor e;
  channel<std::string> c(16);
  std::string const text(60, 'x');
  e.submit([&]() -> task<> {
     std::string mine = text;
     co_await c.send(mine);             // a copy
     co_await c.send(text);             // of a constant
     co_await c.send(std::move(mine));  // moved
     co_await c.send("a literal, long enough not to fit into the string itself");
     co_await c.send(text + text);            // what an operator gave
     co_await c.send(std::to_string(12345));  // what a function gave
     co_await c.send(text.substr(1));
     channel<std::vector<int>> v(2);
     std::vector<int> braced{1, 2, 3};
     co_await v.send(std::move(braced));
     EXPECT_EQ((*co_await v.recv()).size(), 3u);
     EXPECT_EQ(co_await c.recv(), text);
   }).blocking_get();
  EXPECT_EQ(c.size(), 6u);
}

TEST(channel, an_item_that_cannot_be_made_is_an_error_of_the_sender) {
  struct fussy {
    explicit(false) fussy(int n) {
      if (n < 0) throw std::invalid_argument("negative");
    }
    fussy(fussy&&) noexcept = default;  // neither copied nor assigned
  };
  manual_executor e;
  channel<fussy> c(1);
  auto f = e.submit([&]() -> task<> { co_await c.send(-1); });
  EXPECT_THROW(f.blocking_get(), std::invalid_argument);
  EXPECT_THROW((void)c.try_send(-1), std::invalid_argument);
  EXPECT_TRUE(c.try_send(1));
  EXPECT_TRUE(c.try_recv().has_value());
}

// The oracle: the numbers that arrive are those that were sent, each once, and each sender's in
// order.
TEST(channel, threads_lose_and_double_nothing) {
  for (std::size_t const capacity : {0u, 1u, 7u}) {
    constexpr int senders = 3, receivers = 3, each = 400;
    channel<int> c(capacity);
    std::vector<std::vector<int>> got(receivers);
    std::atomic<int> sending{senders};
    test::on_threads(senders + receivers, [&](int i) {
      if (i < senders) {
        for (int n = 0; n < each; ++n) c.blocking_send(i * each + n);
        if (sending.fetch_sub(1) == 1) c.close();
      } else {
        while (auto item = c.blocking_recv())
          got[static_cast<unsigned>(i - senders)].push_back(*item);
      }
    });
    std::vector<int> all;
    for (auto const& g : got) {
      std::vector<int> last(senders, -1);
      for (int const x : g) {
        EXPECT_LT(last[static_cast<unsigned>(x / each)], x) << "a sender's items keep their order";
        last[static_cast<unsigned>(x / each)] = x;
      }
      all.insert(all.end(), g.begin(), g.end());
    }
    std::sort(all.begin(), all.end());
    EXPECT_EQ(all, numbers(senders * each));
  }
}

TEST(channel, tasks_and_threads_share_one) {
  thread_pool pool(pool_options{.workers = 2});
  channel<int> there(2), back;
  auto doubling = pool.submit([&]() -> task<> {
    while (auto item = co_await there.recv()) co_await back.send(*item * 2);
    back.close();
  });
  std::thread sender([&] {
    for (int i = 0; i < 500; ++i) there.blocking_send(i);
    there.close();
  });
  long sum = 0;
  while (auto item = back.blocking_recv()) sum += *item;
  sender.join();
  doubling.blocking_get();
  EXPECT_EQ(sum, 499L * 500);
}

// Each round one item is sent while its receiver is stopped. Either the receiver has it, or it is
// still in the channel; never both, never neither.
TEST(channel, a_stop_that_races_with_a_hand_over_loses_nothing) {
  thread_pool pool(pool_options{.workers = 2});
  channel<int> c(1);
  for (int round = 0; round < 400; ++round) {
    std::vector<int> got;
    auto f = pool.submit(recv_into, &c, &got);
    test::on_threads(2, [&](int i) {
      if (i == 0)
        f.stop();
      else
        c.blocking_send(round);
    });
    bool value = true;
    try {
      f.blocking_get();
    } catch (stopped const&) {
      value = false;
    }
    auto const left = c.try_recv();
    ASSERT_EQ(got.size() + (left ? 1 : 0), 1u);
    ASSERT_EQ(value, got.size() == 1);
  }
}

TEST(channel, a_stop_that_races_with_a_send_leaves_one_owner) {
  thread_pool pool(pool_options{.workers = 2});
  channel<std::unique_ptr<int>> c;
  for (int round = 0; round < 400; ++round) {
    auto mine = std::make_unique<int>(round);
    auto f = pool.submit([&]() -> task<> { co_await c.send(std::move(mine)); });
    std::unique_ptr<int> theirs;
    test::on_threads(2, [&](int i) {
      if (i == 0) {
        f.stop();
      } else if (auto x = c.try_recv()) {
        theirs = std::move(*x);
      }
    });
    bool sent = true;
    try {
      f.blocking_get();
    } catch (stopped const&) {
      sent = false;
    }
    ASSERT_EQ(sent, theirs != nullptr);
    ASSERT_EQ(sent, mine == nullptr);
  }
}
