// SPDX-License-Identifier: Apache-2.0
// The primitives between threads and tasks, with a stop at any point: no item, permit, lock or
// wake-up is lost.
#include <optional>
#include <vector>

#include <quartet/core/executor.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/sync/channel.hpp>
#include <quartet/sync/condition.hpp>
#include <quartet/sync/event.hpp>
#include <quartet/sync/latch.hpp>
#include <quartet/sync/mutex.hpp>
#include <quartet/sync/semaphore.hpp>

#include "races/explored.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::explored;

namespace {

/// How a call ended, whose value says whether it got what it waited for.
bool got(future<bool>& f) {
  try {
    return f.blocking_get();
  } catch (stopped const&) {
    return false;
  } catch (timed_out const&) {
    return false;
  }
}

}  // namespace

TEST(races, a_channel_gives_each_item_to_one_receiver) {
  for (std::size_t const capacity : {0, 1, 2})
    explored(300, [capacity] {
      channel<int> c(capacity);
      std::vector<int> first, second;
      {
        auto const receive = [&c](std::vector<int>& to) {
          while (auto n = c.blocking_recv()) to.push_back(*n);
        };
        seam::thread a([&] { receive(first); }), b([&] { receive(second); });
        {
          auto const send = [&c](int from) {
            for (int i = from; i != from + 3; ++i) c.blocking_send(i);
          };
          seam::thread x([&] { send(0); }), y([&] { send(3); });
        }
        c.close();
      }
      std::vector<bool> seen(6);
      for (auto const* all : {&first, &second})
        for (int const n : *all) {
          EXPECT_FALSE(seen[static_cast<std::size_t>(n)]) << n << " came twice";
          seen[static_cast<std::size_t>(n)] = true;
        }
      EXPECT_EQ(seen, std::vector<bool>(6, true));
    });
}

TEST(races, who_tries_and_who_asks_is_kept_apart_from_who_waits) {
  explored(1000, [] {
    channel<int> c(1);
    mutex m;
    semaphore s(1);
    event e;
    latch l(2);
    condition changed;
    int received = 0, inside = 0;
    {
      seam::thread waits([&] {
        received += *c.blocking_recv();
        m.blocking_lock();
        auto const there = [&] { return inside == 1; };
        changed.blocking_wait(m, there);
        m.unlock();
        s.blocking_acquire(1);
        s.release(1);
        l.count_down();
        e.blocking_wait();
      });
      seam::thread tries([&] {
        while (!c.try_send(7)) seam::yield_thread();
        static_cast<void>(c.is_closed() || c.size() != 0);
        while (!m.try_lock()) seam::yield_thread();
        inside = 1;
        changed.notify_all();
        m.unlock();
        if (s.try_acquire(1)) s.release(1);
        static_cast<void>(s.available());
        if (!l.try_wait()) l.count_down();
        if (!e.is_set()) e.set();
      });
    }
    EXPECT_EQ(received, 7);
    EXPECT_TRUE(s.try_acquire(1));
    e.reset();
    EXPECT_FALSE(e.try_wait());
  });
}

TEST(races, several_try_for_one_thing_and_one_gets_it) {
  explored(1000, [] {
    channel<int> c(1);
    mutex m;
    semaphore s(1);
    EXPECT_TRUE(c.try_send(1));
    seam::atomic<int> items{0}, locks{0}, permits{0};
    auto const attempt = [&] {
      if (c.try_recv()) items.fetch_add(1, seam::relaxed);
      if (m.try_lock()) locks.fetch_add(1, seam::relaxed);
      if (s.try_acquire(1)) permits.fetch_add(1, seam::relaxed);
    };
    { seam::thread a(attempt), b(attempt); }
    EXPECT_EQ(items.load(seam::relaxed), 1);
    EXPECT_EQ(locks.load(seam::relaxed), 1);
    EXPECT_EQ(permits.load(seam::relaxed), 1);
    m.unlock();
  });
}

TEST(races, notifications_outside_the_mutex_wake_everybody_they_are_for) {
  explored(500, [] {
    mutex m;
    condition changed;
    int turns = 0;
    auto const wait = [&] {
      m.blocking_lock();
      auto const mine = [&] { return turns != 0; };
      changed.blocking_wait(m, mine);
      --turns;
      m.unlock();
    };
    seam::thread a(wait), b(wait), c(wait);
    seam::thread one([&] {
      m.blocking_lock();
      ++turns;
      m.unlock();
      changed.notify_one();
    });
    seam::thread two([&] {
      m.blocking_lock();
      turns += 2;
      m.unlock();
      changed.notify_all();
    });
  });
}

TEST(races, a_channel_is_closed_while_others_ask_send_and_receive) {
  explored(500, [] {
    channel<int> c(1);
    bool sent = false;
    std::optional<int> got;
    {
      seam::thread closes([&] { c.close(); });
      seam::thread asks([&] { static_cast<void>(c.is_closed()); });
      seam::thread receives([&] { got = c.blocking_recv(); });
      try {
        c.blocking_send(1);
        sent = true;
      } catch (closed const&) {
      }
    }
    EXPECT_EQ(sent, got.has_value());
  });
}

TEST(races, an_event_is_set_reset_and_asked_by_several) {
  explored(500, [] {
    event e;
    seam::thread sets([&] {
      e.set();
      e.reset();
      e.set();
    });
    seam::thread asks([&] { static_cast<void>(e.is_set()); });
    seam::thread waits([&] { e.blocking_wait(); });
  });
}

// Both come at the same moment: whoever is first, the item is received or still there.
TEST(races, an_item_that_comes_with_the_deadline_is_not_lost) {
  explored(1000, [] {
    channel<int> c(1);
    std::optional<int> got;
    seam::thread receives([&] {
      try {
        got = c.blocking_recv_for(1ms);
      } catch (timed_out const&) {
      }
    });
    seam::thread sends([&] {
      blocking_sleep_for(1ms);
      c.blocking_send(1);
    });
    receives.join();
    sends.join();
    EXPECT_NE(got.has_value(), c.try_recv().has_value());
  });
}

TEST(races, a_stopped_recv_has_taken_no_item) {
  explored(1000, [] {
    channel<int> c(1);
    stop_source stop;
    event_loop loop;
    auto const receive = [](channel<int>* from) -> task<bool> {
      auto const n = co_await from->recv();
      co_return n.has_value();
    };
    auto f = loop.submit({.stop = &stop}, receive, &c);
    bool taken = false;
    {
      seam::thread stops([&] { stop.request(); });
      seam::thread sends([&] { c.blocking_send(1); });
      taken = got(f);
    }
    EXPECT_NE(taken, c.try_recv().has_value());
  });
}

TEST(races, a_stopped_send_has_sent_nothing) {
  explored(1000, [] {
    channel<int> c(0);
    stop_source stop;
    thread_pool pool({.workers = 1});
    auto const send = [](channel<int>* to) -> task<bool> {
      co_await to->send(1);
      co_return true;
    };
    auto f = pool.submit({.stop = &stop}, send, &c);
    std::optional<int> received;
    bool sent = false;
    {
      seam::thread receives([&] {
        try {
          received = c.blocking_recv_for(1s);
        } catch (timed_out const&) {
        }
      });
      seam::thread stops([&] { stop.request(); });
      sent = got(f);
    }
    EXPECT_EQ(sent, received.has_value());
  });
}

TEST(races, a_mutex_is_free_after_locks_that_were_stopped_or_ran_out_of_time) {
  explored(500, [] {
    mutex m;
    stop_source stop;
    int inside = 0;
    {
      thread_pool pool({.workers = 2});
      auto const work = [](mutex* lock, int* n) -> task<bool> {
        co_await lock->lock_for(1ms);
        struct leave {
          mutex* m;
          int* n;
          ~leave() {
            --*n;
            m->unlock();
          }
        } const at_end{lock, n};
        EXPECT_EQ(++*n, 1) << "two are inside";
        co_await yield();
        co_return true;
      };
      auto a = pool.submit(work, &m, &inside);
      auto b = pool.submit({.stop = &stop}, work, &m, &inside);
      seam::thread stops([&] { stop.request(); });
      seam::thread locks([&] {
        m.blocking_lock();
        EXPECT_EQ(++inside, 1);
        seam::yield_thread();
        --inside;
        m.unlock();
      });
      got(a);
      got(b);
    }
    EXPECT_TRUE(m.try_lock());
    m.unlock();
  });
}

TEST(races, a_semaphore_keeps_its_permits) {
  explored(500, [] {
    semaphore s(2);
    stop_source stop;
    {
      thread_pool pool({.workers = 2});
      auto const take = [](semaphore* from, std::size_t n) -> task<bool> {
        co_await from->acquire(n);
        from->release(n);
        co_return true;
      };
      auto a = pool.submit({.stop = &stop}, take, &s, 2);
      auto b = pool.submit(take, &s, 1), c = pool.submit(take, &s, 2);
      seam::thread stops([&] { stop.request(); });
      seam::thread takes([&] {
        s.blocking_acquire(1);
        s.release(1);
      });
      got(a);
      EXPECT_TRUE(got(b));
      EXPECT_TRUE(got(c));
    }
    EXPECT_TRUE(s.try_acquire(2));
  });
}

TEST(races, no_wake_up_of_event_latch_and_condition_is_lost) {
  explored(500, [] {
    event ready;
    latch both(2);
    mutex m;
    condition changed;
    int stage = 0;
    event_loop loop;
    auto const waits = [](event* e, latch* l, mutex* lock, condition* c, int* n) -> task<bool> {
      co_await e->wait();
      co_await l->arrive_and_wait();
      co_await lock->lock();
      auto const there = [n] { return *n == 1; };
      co_await c->wait(*lock, there);
      lock->unlock();
      co_return true;
    };
    auto f = loop.submit(waits, &ready, &both, &m, &changed, &stage);
    seam::thread other([&] {
      ready.set();
      both.blocking_arrive_and_wait();
      m.blocking_lock();
      stage = 1;
      m.unlock();
      changed.notify_one();
    });
    EXPECT_TRUE(got(f));
  });
}
