// SPDX-License-Identifier: Apache-2.0
// The shared mutex: exclusion and sharing, the order of both, stops that take nothing.
#include <memory>

#include <quartet/sync/shared_mutex.hpp>

#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::ending_of;

namespace {

using notes = std::vector<std::string>;

/// Comes in as a reader or writer, stays for one turn, and notes both ends.
task<> reader(shared_mutex* m, notes* out, std::string name) {
  co_await m->lock_shared();
  out->push_back("+" + name);
  co_await yield();
  out->push_back("-" + name);
  m->unlock_shared();
}
task<> writer(shared_mutex* m, notes* out, std::string name) {
  co_await m->lock();
  out->push_back("+" + name);
  co_await yield();
  out->push_back("-" + name);
  m->unlock();
}

bool is_free(shared_mutex& m) {
  bool const free = m.try_lock();
  if (free) m.unlock();
  return free;
}
/// Whether a reader would get in at once.
bool is_open(shared_mutex& m) {
  bool const open = m.try_lock_shared();
  if (open) m.unlock_shared();
  return open;
}

}  // namespace

TEST(shared_mutex, readers_are_inside_together_and_a_writer_alone) {
  thread_pool pool(pool_options{.workers = 2});
  shared_mutex m;
  long first = 0, second = 0;
  std::atomic<int> readers{0};
  std::atomic<bool> torn{false}, crowded{false};
  auto const look = [&] {
    readers.fetch_add(1);
    if (first != second) torn = true;
    readers.fetch_sub(1);
  };
  auto const change = [&] {
    ++first;
    if (readers != 0) crowded = true;
    ++second;
  };
  std::vector<future<void>> tasks;
  for (int t = 0; t < 3; ++t)
    tasks.push_back(pool.submit([&]() -> task<> {
      for (int i = 0; i < 200; ++i) {
        {
          auto const l = co_await m.scoped_lock_shared();
          look();
        }
        auto const l = co_await m.scoped_lock();
        change();
      }
    }));
  test::on_threads(3, [&](int) {
    for (int i = 0; i < 200; ++i) {
      {
        shared_lock_guard const l{m};
        look();
      }
      lock_guard const l{m};
      change();
    }
  });
  for (auto& f : tasks) f.blocking_get();
  EXPECT_EQ(first, 1200);
  EXPECT_EQ(second, 1200);
  EXPECT_FALSE(torn);
  EXPECT_FALSE(crowded);
  EXPECT_TRUE(is_free(m));
}

TEST(shared_mutex, what_can_be_taken_depends_on_who_is_inside) {
  shared_mutex m;
  EXPECT_TRUE(m.try_lock_shared());
  EXPECT_TRUE(m.try_lock_shared()) << "readers share it";
  EXPECT_FALSE(m.try_lock());
  m.unlock_shared();
  EXPECT_FALSE(m.try_lock()) << "one still reads";
  m.unlock_shared();
  EXPECT_TRUE(m.try_lock());
  EXPECT_FALSE(m.try_lock());
  EXPECT_FALSE(m.try_lock_shared());
  m.unlock();
  EXPECT_TRUE(is_free(m));
}

TEST(shared_mutex, it_goes_on_in_the_order_of_arrival_and_readers_that_stand_together_together) {
  manual_executor e;
  shared_mutex m;
  notes out;
  m.blocking_lock();
  std::vector<future<void>> all;
  all.push_back(e.submit(reader, &m, &out, "r1"));
  all.push_back(e.submit(reader, &m, &out, "r2"));
  all.push_back(e.submit(writer, &m, &out, "w1"));
  all.push_back(e.submit(writer, &m, &out, "w2"));
  all.push_back(e.submit(reader, &m, &out, "r3"));
  all.push_back(e.submit(reader, &m, &out, "r4"));
  all.push_back(e.submit(writer, &m, &out, "w3"));
  e.run_until_idle();
  EXPECT_TRUE(out.empty());
  m.unlock();
  EXPECT_FALSE(is_open(m)) << "readers own it, and a writer stands in line before us";
  e.run_until_idle();
  EXPECT_EQ(out, (notes{"+r1", "+r2", "-r1", "-r2", "+w1", "-w1", "+w2", "-w2", "+r3", "+r4", "-r3",
                        "-r4", "+w3", "-w3"}));
  for (auto& f : all) f.blocking_get();
  EXPECT_TRUE(is_free(m));
}

TEST(shared_mutex, a_waiting_writer_is_not_overtaken_by_later_readers) {
  manual_executor e;
  shared_mutex m;
  notes out;
  m.blocking_lock_shared();
  auto w = e.submit(writer, &m, &out, "w");
  auto r = e.submit(reader, &m, &out, "r");
  e.run_until_idle();
  EXPECT_TRUE(out.empty()) << "the reader would fit, but stands behind";
  EXPECT_FALSE(m.try_lock_shared());
  m.unlock_shared();
  EXPECT_FALSE(m.try_lock()) << "it already belongs to the first in line";
  e.run_until_idle();
  EXPECT_EQ(out, (notes{"+w", "-w", "+r", "-r"}));
  w.blocking_get();
  r.blocking_get();
}

TEST(shared_mutex, a_waiting_reader_is_not_overtaken_by_later_writers) {
  manual_executor e;
  shared_mutex m;
  notes out;
  m.blocking_lock();
  auto r = e.submit(reader, &m, &out, "r");
  auto w = e.submit(writer, &m, &out, "w");
  e.run_until_idle();
  m.unlock();
  EXPECT_FALSE(m.try_lock());
  e.run_until_idle();
  EXPECT_EQ(out, (notes{"+r", "-r", "+w", "-w"}));
  r.blocking_get();
  w.blocking_get();
}

TEST(shared_mutex, behind_a_stopped_writer_the_readers_get_in_up_to_the_next_writer) {
  manual_executor e;
  shared_mutex m;
  notes out;
  m.blocking_lock_shared();
  auto w1 = e.submit(writer, &m, &out, "w1");
  auto r1 = e.submit(reader, &m, &out, "r1");
  auto r2 = e.submit(reader, &m, &out, "r2");
  auto w2 = e.submit(writer, &m, &out, "w2");
  auto r3 = e.submit(reader, &m, &out, "r3");
  e.run_until_idle();
  w1.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(w1), ending::stopped);
  EXPECT_EQ(out, (notes{"+r1", "+r2", "-r1", "-r2"}))
      << "together with the one who is still inside";
  m.unlock_shared();
  e.run_until_idle();
  EXPECT_EQ(out.size(), 8u);
  for (auto* f : {&r1, &r2, &w2, &r3}) EXPECT_EQ(ending_of(*f), ending::value);
  EXPECT_TRUE(is_free(m));
}

TEST(shared_mutex, behind_a_writer_out_of_time_the_readers_get_in) {
  manual_executor e;
  shared_mutex m;
  notes out;
  m.blocking_lock_shared();
  auto w = e.submit([&]() -> task<> { co_await m.lock_for(1h); });
  auto r = e.submit(reader, &m, &out, "r");
  e.run_until_idle();
  EXPECT_TRUE(out.empty());
  e.advance(1h);
  e.run_until_idle();
  EXPECT_EQ(ending_of(w), ending::timed_out);
  EXPECT_EQ(out, (notes{"+r", "-r"}));
  r.blocking_get();
  m.unlock_shared();
  EXPECT_TRUE(is_free(m));
}

TEST(shared_mutex, behind_a_thread_out_of_time_the_readers_get_in) {
  manual_executor e;
  shared_mutex m;
  notes out;
  m.blocking_lock_shared();
  std::thread late([&] { EXPECT_THROW(m.blocking_lock_for(20ms), timed_out); });
  while (is_open(m)) std::this_thread::yield();  // until the writer stands in line
  auto r = e.submit(reader, &m, &out, "r");
  e.run_until_idle();
  late.join();
  e.run_until_idle();
  EXPECT_EQ(out, (notes{"+r", "-r"}));
  r.blocking_get();
  m.unlock_shared();
}

TEST(shared_mutex, a_stop_lets_nobody_in_while_one_owns_it_exclusively) {
  manual_executor e;
  shared_mutex m;
  notes out;
  m.blocking_lock();
  auto w = e.submit(writer, &m, &out, "w");
  auto r1 = e.submit(reader, &m, &out, "r1");
  auto r2 = e.submit(reader, &m, &out, "r2");
  e.run_until_idle();
  w.stop();
  r1.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(w), ending::stopped);
  EXPECT_EQ(ending_of(r1), ending::stopped);
  EXPECT_TRUE(out.empty());
  m.unlock();
  e.run_until_idle();
  EXPECT_EQ(out, (notes{"+r2", "-r2"}));
  r2.blocking_get();
}

TEST(shared_mutex, a_stopped_reader_lets_writers_stay_where_they_are) {
  manual_executor e;
  shared_mutex m;
  notes out;
  m.blocking_lock_shared();
  auto w1 = e.submit(writer, &m, &out, "w1");
  auto r = e.submit(reader, &m, &out, "r");
  auto w2 = e.submit(writer, &m, &out, "w2");
  e.run_until_idle();
  r.stop();
  e.run_until_idle();
  EXPECT_EQ(ending_of(r), ending::stopped);
  EXPECT_TRUE(out.empty());
  m.unlock_shared();
  e.run_until_idle();
  EXPECT_EQ(out, (notes{"+w1", "-w1", "+w2", "-w2"}));
  w1.blocking_get();
  w2.blocking_get();
}

TEST(shared_mutex, a_lock_in_a_stopped_scope_has_not_taken_it) {
  manual_executor e;
  shared_mutex m;
  future<void> a = e.submit([&]() -> task<> {
    a.stop();
    co_await m.lock();
  });
  future<void> b = e.submit([&]() -> task<> {
    b.stop();
    co_await m.lock_shared();
  });
  e.run_until_idle();
  EXPECT_EQ(ending_of(a), ending::stopped);
  EXPECT_EQ(ending_of(b), ending::stopped);
  EXPECT_TRUE(is_free(m));
}

TEST(shared_mutex, a_stop_after_the_hand_over_leaves_it_with_its_new_owners) {
  manual_executor e;
  shared_mutex m;
  notes out;
  m.blocking_lock();
  auto r1 = e.submit([&]() -> task<> { auto const l = co_await m.scoped_lock_shared(); });
  auto r2 = e.submit([&]() -> task<> { auto const l = co_await m.scoped_lock_shared(); });
  auto w = e.submit([&]() -> task<> { auto const l = co_await m.scoped_lock(); });
  e.run_until_idle();
  m.unlock();
  r1.stop();
  r2.stop();
  e.run_until_idle();
  w.stop();
  EXPECT_EQ(ending_of(r1), ending::value);
  EXPECT_EQ(ending_of(r2), ending::value);
  EXPECT_EQ(ending_of(w), ending::value);
  EXPECT_TRUE(is_free(m));
}

TEST(shared_mutex, bounded_locks_end_at_their_deadline) {
  manual_executor e;
  shared_mutex m;
  m.blocking_lock_until(clock::now());
  auto a = e.submit([&]() -> task<> { co_await m.lock_for(1h); });
  auto b = e.submit([&]() -> task<> { co_await m.lock_shared_for(1h); });
  auto c = e.submit([&]() -> task<> { co_await m.lock_until(after(2h)); });
  auto d = e.submit([&]() -> task<> { co_await m.lock_shared_until(after(2h)); });
  e.run_until_idle();
  e.advance(1h);
  m.unlock();
  e.run_until_idle();
  EXPECT_EQ(ending_of(a), ending::timed_out);
  EXPECT_EQ(ending_of(b), ending::timed_out);
  EXPECT_EQ(ending_of(c), ending::value);
  EXPECT_FALSE(d.done());
  e.advance(1h);
  e.run_until_idle();
  EXPECT_EQ(ending_of(d), ending::timed_out) << "c has kept it";
  EXPECT_THROW(m.blocking_lock_for(1us), timed_out);
  EXPECT_THROW(m.blocking_lock_shared_for(1us), timed_out);
  EXPECT_THROW(m.blocking_lock_shared_until(clock::now()), timed_out);
  m.unlock();
  m.blocking_lock_shared_for(1h);
  m.blocking_lock_shared_until(clock::now());
  m.unlock_shared();
  m.unlock_shared();
  EXPECT_TRUE(is_free(m));
}

TEST(shared_mutex, a_lock_out_of_time_says_what_was_in_its_way) {
  shared_mutex m;
  auto const words = [](auto const& lock) -> std::string {
    try {
      lock();
    } catch (timed_out const& e) {
      return e.what();
    }
    return {};
  };
  m.blocking_lock();
  EXPECT_EQ(words([&] { m.blocking_lock_for(1us); }),
            "a shared_mutex was owned by others until the deadline");
  EXPECT_EQ(words([&] { m.blocking_lock_shared_for(1us); }),
            "a writer owned a shared_mutex, or stood in line first, until the deadline");
  m.unlock();
}

TEST(shared_mutex, an_owner_that_was_moved_from_unlocks_nothing) {
  shared_mutex m;
  {
    lock_guard a{m};
    lock_guard const b{std::move(a)};
    EXPECT_FALSE(is_open(m));
  }
  EXPECT_TRUE(is_free(m));
  {
    shared_lock_guard a{m};
    shared_lock_guard const b{std::move(a)};
    EXPECT_TRUE(is_open(m));
    EXPECT_FALSE(is_free(m));
  }
  EXPECT_TRUE(is_free(m));
}

TEST(shared_mutexDeathTest, unlocking_what_is_not_locked_so_is_an_assertion) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        shared_mutex m;
        m.blocking_lock_shared();
        m.unlock();
      },
      "nobody had locked exclusively");
  EXPECT_DEATH(
      {
        shared_mutex m;
        m.blocking_lock();
        m.unlock_shared();
      },
      "nobody shared");
}

// The owner destroys the mutex while the thread that handed it over is still inside unlock.
TEST(shared_mutex, the_one_who_unlocked_it_last_may_destroy_it) {
  for (int round = 0; round < 300; ++round) {
    auto m = std::make_unique<shared_mutex>();
    m->blocking_lock_shared();
    std::thread other([p = m.get()] { p->unlock_shared(); });
    m->blocking_lock();
    m->unlock();
    m.reset();
    other.join();
  }
}

// A writer between two readers is stopped while the first of them leaves: whoever comes first, the
// second one gets in, and nobody is left inside.
TEST(shared_mutex, a_stop_that_races_with_the_unlock_leaves_it_usable) {
  thread_pool pool(pool_options{.workers = 2});
  shared_mutex m;
  for (int round = 0; round < 400; ++round) {
    m.blocking_lock_shared();
    auto w = pool.submit([&]() -> task<> { auto const l = co_await m.scoped_lock(); });
    auto r = pool.submit([&]() -> task<> { auto const l = co_await m.scoped_lock_shared(); });
    test::on_threads(2, [&](int i) {
      if (i == 0)
        w.stop();
      else
        m.unlock_shared();
    });
    r.blocking_get();
    try {
      w.blocking_get();
    } catch (stopped const&) {
    }
    ASSERT_TRUE(is_free(m));
  }
}
