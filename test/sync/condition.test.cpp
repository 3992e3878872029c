// SPDX-License-Identifier: Apache-2.0
// The condition: no notification is lost, and the mutex is held again however a wait ends.
#include <deque>

#include <quartet/sync/condition.hpp>

#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::ending_of;

namespace {
// Waits for `*n` to be positive and takes one off it.
task<> take_one(mutex* m, condition* c, int* n) {
  auto const l = co_await m->scoped_lock();
  auto const there_is_one = [n] { return *n > 0; };
  co_await c->wait(*m, there_is_one);
  --*n;
}
bool is_free(mutex& m) {
  if (!m.try_lock()) return false;
  m.unlock();
  return true;
}
}  // namespace

TEST(condition, a_consumer_waits_for_items) {
  manual_executor e;
  mutex m;
  condition c;
  std::deque<int> items;
  std::vector<int> got;
  auto consumer = e.submit([&]() -> task<> {
    for (int i = 0; i < 3; ++i) {
      auto const l = co_await m.scoped_lock();
      co_await c.wait(m, [&] { return !items.empty(); });
      got.push_back(items.front());
      items.pop_front();
    }
  });
  e.run_until_idle();
  EXPECT_TRUE(is_free(m)) << "unlocked while it waits";
  for (int i = 0; i < 3; ++i) {
    {
      lock_guard const l{m};
      items.push_back(i);
    }
    c.notify_one();
    e.run_until_idle();
  }
  consumer.blocking_get();
  EXPECT_EQ(got, (std::vector<int>{0, 1, 2}));
}

TEST(condition, what_holds_already_needs_no_wait_and_no_notification) {
  manual_executor e;
  mutex m;
  condition c;
  int n = 1;
  c.notify_one();
  c.notify_all();
  e.submit(take_one, &m, &c, &n).blocking_get();
  m.blocking_lock();
  c.blocking_wait(m, [&] { return n == 0; });
  EXPECT_FALSE(is_free(m));
  m.unlock();
}

TEST(condition, a_notification_for_nothing_does_no_harm) {
  manual_executor e;
  mutex m;
  condition c;
  int n = 0;
  auto f = e.submit(take_one, &m, &c, &n);
  e.run_until_idle();
  c.notify_all();
  e.run_until_idle();
  EXPECT_FALSE(f.done());
  EXPECT_TRUE(is_free(m));
  n = 1;
  c.notify_one();
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::value);
}

TEST(condition, notify_one_wakes_the_one_who_waited_longest) {
  manual_executor e;
  mutex m;
  condition c;
  bool go = false;
  std::vector<int> order;
  std::vector<future<void>> all;
  for (int i = 0; i < 3; ++i)
    all.push_back(e.submit([&, i]() -> task<> {
      auto const l = co_await m.scoped_lock();
      co_await c.wait(m, [&] { return go; });
      order.push_back(i);
    }));
  e.run_until_idle();
  go = true;
  c.notify_one();
  e.run_until_idle();
  EXPECT_EQ(order, std::vector<int>{0});
  c.notify_all();
  e.run_until_idle();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
  for (auto& f : all) f.blocking_get();
}

TEST(condition, a_stopped_wait_holds_the_mutex_again) {
  manual_executor e;
  mutex m;
  condition c;
  bool held = false;
  auto f = e.submit([&]() -> task<> {
    co_await m.lock();
    try {
      co_await c.wait(m, [] { return false; });
    } catch (stopped const&) {
      held = !is_free(m);
      m.unlock();
      throw;
    }
  });
  e.run_until_idle();
  // Its lock is not stopped though the task is: it waits for us to unlock.
  m.blocking_lock();
  f.stop();
  e.run_until_idle();
  EXPECT_FALSE(f.done());
  m.unlock();
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::stopped);
  EXPECT_TRUE(held);
  EXPECT_TRUE(is_free(m));
}

TEST(condition, a_task_that_was_stopped_before_keeps_the_mutex) {
  manual_executor e;
  mutex m;
  condition c;
  e.submit([&]() -> task<> {
     co_await with_group([&](group& g) -> task<> {
       auto const l = co_await m.scoped_lock();
       g.stop();
       bool stopped_there = false;
       try {
         co_await c.wait(m, [] { return false; });
       } catch (stopped const&) {
         stopped_there = true;
       }
       EXPECT_TRUE(stopped_there);
       EXPECT_FALSE(is_free(m));
     });
   }).blocking_get();
  EXPECT_TRUE(is_free(m));
}

TEST(condition, a_stopped_wait_leaves_the_notification_to_the_next) {
  manual_executor e;
  mutex m;
  condition c;
  int n = 0;
  auto a = e.submit(take_one, &m, &c, &n);
  auto b = e.submit(take_one, &m, &c, &n);
  e.run_until_idle();
  a.stop();
  n = 1;
  c.notify_one();
  e.run_until_idle();
  EXPECT_EQ(ending_of(a), ending::stopped);
  EXPECT_EQ(ending_of(b), ending::value);
  EXPECT_EQ(n, 0);
}

TEST(condition, a_wait_that_was_notified_before_its_stop_ends_as_notified) {
  manual_executor e;
  mutex m;
  condition c;
  int n = 0;
  auto a = e.submit(take_one, &m, &c, &n);
  auto b = e.submit(take_one, &m, &c, &n);
  e.run_until_idle();
  n = 1;
  c.notify_one();
  a.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(a), ending::value);
  EXPECT_FALSE(b.done());
  b.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(b), ending::stopped);
}

TEST(condition, waits_end_at_their_deadline_unless_it_holds_then) {
  manual_executor e;
  mutex m;
  condition c;
  bool go = false;
  auto const wait = [&](duration d) -> task<> {
    auto const l = co_await m.scoped_lock();
    co_await c.wait_for(m, d, [&] { return go; });
  };
  auto early = e.submit(wait, duration(1h)), late = e.submit(wait, duration(2h));
  auto until = e.submit([&]() -> task<> {
    auto const l = co_await m.scoped_lock();
    co_await c.wait_until(m, after(1h), [] { return false; });
  });
  e.run_until_idle();
  e.advance(1h);
  e.run_until_idle();
  EXPECT_EQ(ending_of(early), ending::timed_out);
  EXPECT_EQ(ending_of(until), ending::timed_out);
  go = true;
  e.advance(1h);
  e.run_until_idle();
  EXPECT_EQ(ending_of(late), ending::value) << "nobody notified, but it holds";
  lock_guard const l{m};
  EXPECT_THROW(c.blocking_wait_for(m, 1us, [] { return false; }), timed_out);
  EXPECT_THROW(c.blocking_wait_until(m, clock::now(), [] { return false; }), timed_out);
  EXPECT_FALSE(is_free(m));
}

TEST(condition, a_predicate_that_throws_leaves_the_mutex_locked) {
  manual_executor e;
  mutex m;
  condition c;
  int calls = 0;
  auto f = e.submit([&]() -> task<> {
    auto const l = co_await m.scoped_lock();
    co_await c.wait(m, [&]() -> bool {
      if (++calls == 2) throw std::runtime_error("no idea");
      return false;
    });
  });
  e.run_until_idle();
  c.notify_one();
  e.run_until_idle();
  EXPECT_EQ(ending_of(f), ending::failed);
  EXPECT_TRUE(is_free(m)) << "its owner unlocked it, once";
}

// GCC 12 destroys a temporary predicate with captures of its own twice (refused at compile time);
// the address sanitizer sees whether these are right.
TEST(condition, each_safe_spelling_of_a_predicate) {
  manual_executor e;
  mutex m;
  condition c;
  std::string const text(60, 'x');
  e.submit([&]() -> task<> {
     auto const l = co_await m.scoped_lock();
     co_await c.wait(m, [&] { return text.size() == 60; });
     auto const owning = [text] { return text.size() == 60; };
     co_await c.wait(m, owning);
     auto moved = [text] { return text.size() == 60; };
     co_await c.wait(m, std::ref(moved));
   }).blocking_get();
}

// Producers and consumers of both kinds, and stops: what was put in was taken or is still there.
TEST(condition, threads_and_tasks_and_stops_lose_no_notification) {
  thread_pool pool(pool_options{.workers = 2});
  mutex m;
  condition c;
  int n = 0;
  for (int round = 0; round < 150; ++round) {
    auto a = pool.submit(take_one, &m, &c, &n);
    auto b = pool.submit(take_one, &m, &c, &n);
    test::on_threads(3, [&](int i) {
      if (i == 0) {
        a.stop();
      } else if (i == 1) {
        lock_guard const l{m};
        ++n;
        c.notify_one();
      } else {
        lock_guard const l{m};
        ++n;
        c.notify_one();
      }
    });
    b.blocking_get();  // hangs if the notification was lost
    int taken = 2;
    try {
      a.blocking_get();
    } catch (stopped const&) {
      taken = 1;
    }
    lock_guard const l{m};
    ASSERT_EQ(n, 2 - taken);
    n = 0;
  }
}

TEST(condition, threads_wait_for_threads) {
  mutex m;
  condition c;
  int turn = 0;
  test::on_threads(3, [&](int i) {
    for (int round = 0; round < 50; ++round) {
      lock_guard const l{m};
      c.blocking_wait(m, [&] { return turn % 3 == i; });
      ++turn;
      c.notify_all();
    }
  });
  EXPECT_EQ(turn, 150);
}
