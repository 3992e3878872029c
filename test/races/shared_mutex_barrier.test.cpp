// SPDX-License-Identifier: Apache-2.0
// The shared mutex and the barrier between threads and tasks under many schedules: who shares, who
// is alone, who comes in after a stop, and how many a phase waits for.
#include <memory>

#include <quartet/core/executor.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/sync/barrier.hpp>
#include <quartet/sync/shared_mutex.hpp>

#include "races/explored.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::explored;

namespace {

using token = barrier<>::arrival_token;

/// Whether a call ended with its value, and not by a stop or a deadline.
bool went_on(future<void>& f) {
  try {
    f.blocking_get();
    return true;
  } catch (stopped const&) {
    return false;
  } catch (timed_out const&) {
    return false;
  }
}

/// A shared mutex, and who is inside.
struct room {
  shared_mutex door;
  int readers = 0, writers = 0;
  bool shared = false;  // readers were inside together

  ~room() {
    EXPECT_TRUE(door.try_lock()) << "somebody was left inside, or in line";
    door.unlock();
  }
};
/// One inside: judges when he comes and when he goes.
struct reading {
  room& in;
  explicit reading(room& r) : in(r) {
    if (++in.readers == 2) in.shared = true;
    EXPECT_EQ(in.writers, 0) << "a reader came in to a writer";
  }
  ~reading() {
    EXPECT_EQ(in.writers, 0) << "a writer came in to a reader";
    --in.readers;
  }
};
struct writing {
  room& in;
  explicit writing(room& r) : in(r) {
    EXPECT_EQ(++in.writers, 1) << "two writers are inside";
    EXPECT_EQ(in.readers, 0) << "a writer came in to a reader";
  }
  ~writing() {
    EXPECT_EQ(in.readers, 0) << "a reader came in to a writer";
    --in.writers;
  }
};

task<> read_room(room* r) {
  auto const l = co_await r->door.scoped_lock_shared();
  reading const here(*r);
  co_await yield();
}
task<> write_room(room* r) {
  auto const l = co_await r->door.scoped_lock();
  writing const here(*r);
  co_await yield();
}
void blocking_read(room& r) {
  shared_lock_guard const l{r.door};
  reading const here(r);
  seam::yield_thread();
}
void blocking_write(room& r) {
  lock_guard const l{r.door};
  writing const here(r);
  seam::yield_thread();
}

/// Until somebody stands in line, who was not alone. The caller shares the mutex.
void await_a_writer_in_line(shared_mutex& m) {
  while (m.try_lock_shared()) {
    m.unlock_shared();
    seam::yield_thread();
  }
}

}  // namespace

TEST(races, readers_share_a_mutex_and_a_writer_is_alone) {
  explored(500, [] {
    room r;
    {
      thread_pool pool({.workers = 2});
      auto a = pool.submit(&read_room, &r), b = pool.submit(&write_room, &r);
      seam::thread x([&] {
        blocking_read(r);
        blocking_write(r);
      });
      seam::thread y([&] {
        blocking_write(r);
        blocking_read(r);
      });
      EXPECT_TRUE(went_on(a));
      EXPECT_TRUE(went_on(b));
    }
    sometimes(r.shared, "two readers meet");
  });
}

// The mutex stays shared until the end: if the reader has to wait for that, nothing goes on.
TEST(races, behind_a_stopped_writer_the_readers_get_in) {
  explored(1000, [] {
    room r;
    r.door.blocking_lock_shared();
    thread_pool pool({.workers = 1});
    auto w = pool.submit(&write_room, &r), b = pool.submit(&read_room, &r);
    {
      seam::thread reads([&] { blocking_read(r); });
      w.stop();
      EXPECT_FALSE(went_on(w));
      EXPECT_TRUE(went_on(b));
    }
    r.door.unlock_shared();
  });
}

TEST(races, behind_a_writer_out_of_time_the_readers_get_in) {
  explored(500, [] {
    room r;
    r.door.blocking_lock_shared();
    event_loop loop;
    auto w = loop.submit([&r]() -> task<> { co_await r.door.lock_for(1ms); });
    {
      seam::thread writes([&] { EXPECT_THROW(r.door.blocking_lock_for(2ms), timed_out); });
      seam::thread reads([&] { blocking_read(r); });
      auto b = loop.submit(&read_room, &r);
      EXPECT_FALSE(went_on(w));
      EXPECT_TRUE(went_on(b));
    }
    r.door.unlock_shared();
  });
}

TEST(races, a_shared_mutex_is_free_after_stops_that_raced_with_its_unlocks) {
  explored(1000, [] {
    room r;
    r.door.blocking_lock();
    thread_pool pool({.workers = 2});
    auto a = pool.submit(&read_room, &r), b = pool.submit(&write_room, &r),
         c = pool.submit(&read_room, &r);
    seam::thread stops([&] {
      a.stop();
      b.stop();
    });
    seam::thread writes([&] { blocking_write(r); });
    r.door.unlock();
    stops.join();
    went_on(a);
    went_on(b);
    EXPECT_TRUE(went_on(c));
  });
}

TEST(races, a_reader_that_comes_after_a_writer_sees_what_it_wrote) {
  explored(500, [] {
    room r;
    bool written = false;
    r.door.blocking_lock_shared();
    seam::thread writes([&] {
      lock_guard const l{r.door};
      written = true;
    });
    await_a_writer_in_line(r.door);
    seam::thread reads([&] {
      shared_lock_guard const l{r.door};
      EXPECT_TRUE(written) << "it has overtaken the writer";
    });
    r.door.unlock_shared();
  });
}

TEST(races, of_those_who_try_a_shared_mutex_one_is_alone_or_several_share) {
  explored(500, [] {
    room r;
    auto const attempt = [&] {
      if (r.door.try_lock()) {
        writing const here(r);
        seam::yield_thread();
      } else if (r.door.try_lock_shared()) {
        {
          reading const here(r);
          seam::yield_thread();
        }
        return r.door.unlock_shared();
      } else {
        return;
      }
      r.door.unlock();
    };
    seam::thread a(attempt), b(attempt), c(attempt);
  });
}

TEST(races, who_asks_a_barrier_sees_the_phase_end) {
  explored(500, [] {
    barrier b(2);
    seam::thread other([&] { static_cast<void>(b.arrive()); });
    token const mine = b.arrive();
    while (!b.try_wait(mine)) seam::yield_thread();
  });
}

TEST(races, all_meet_in_every_phase_of_a_barrier) {
  explored(500, [] {
    int arrived = 0, phases = 0;
    barrier b(3, [&]() noexcept { EXPECT_EQ(arrived, 3 * ++phases); });
    auto const judge = [&](int phase) {
      EXPECT_GE(arrived, 3 * phase) << "one went on too early";
      EXPECT_TRUE(phases == phase || phases == phase + 1) << phases << " in " << phase;
    };
    thread_pool pool({.workers = 1});
    event_loop loop;
    auto const work = [&]() -> task<> {
      for (int p = 1; p <= 3; ++p) {
        ++arrived;
        co_await b.arrive_and_wait();
        judge(p);
      }
    };
    auto x = pool.submit(work), y = loop.submit(work);
    seam::thread z([&] {
      for (int p = 1; p <= 3; ++p) {
        ++arrived;
        b.blocking_arrive_and_wait();
        judge(p);
      }
    });
    EXPECT_TRUE(went_on(y));
    EXPECT_TRUE(went_on(x));
    z.join();
    EXPECT_EQ(phases, 3);
  });
}

TEST(races, those_who_drop_are_awaited_in_their_last_phase_and_no_later) {
  explored(1000, [] {
    int phases = 0, first = 0, second = 0;
    barrier b(3, [&]() noexcept {
      ++phases;
      EXPECT_TRUE(phases != 1 || first == 1) << "the first phase ended without one who drops";
      EXPECT_TRUE(phases != 2 || second == 1) << "the second phase ended without one who drops";
    });
    thread_pool pool({.workers = 1});
    auto stays = pool.submit([&b]() -> task<> {
      for (int p = 1; p <= 3; ++p) co_await b.arrive_and_wait();
    });
    seam::thread one([&] {
      ++first;
      b.arrive_and_drop();
    });
    seam::thread two([&] {
      b.blocking_arrive_and_wait();
      ++second;
      b.arrive_and_drop();
    });
    EXPECT_TRUE(went_on(stays));
    EXPECT_EQ(phases, 3);
  });
}

// One is stopped in its wait, or not, and leaves: the other ends all phases, each by its arrival.
TEST(races, one_who_is_stopped_at_a_barrier_can_leave_at_any_moment) {
  explored(1000, [] {
    int phases = 0;
    barrier b(2, [&]() noexcept { ++phases; });
    thread_pool pool({.workers = 1});
    token const mine = b.arrive();
    auto f = pool.submit([&]() -> task<> { co_await b.wait(mine); });
    seam::thread stays([&] {
      for (int p = 1; p <= 3; ++p) b.blocking_arrive_and_wait();
    });
    f.stop();
    if (went_on(f))
      b.arrive_and_drop();
    else
      b.drop(mine);
    stays.join();
    EXPECT_EQ(phases, 3);
  });
}

TEST(races, a_wait_at_a_barrier_that_ran_out_of_time_can_be_taken_up_again) {
  explored(500, [] {
    barrier b(2);
    event_loop loop;
    auto f = loop.submit([&b]() -> task<> {
      co_await sleep_for(1ms);
      co_await b.arrive_and_wait();
    });
    seam::thread waits([&] {
      token const mine = b.arrive();
      try {
        b.blocking_wait_for(1ms, mine);
      } catch (timed_out const&) {
        b.blocking_wait(mine);
      }
      EXPECT_TRUE(b.try_wait(mine));
    });
    EXPECT_TRUE(went_on(f));
  });
}

TEST(races, one_who_waited_destroys_what_others_are_still_leaving) {
  explored(500, [] {
    auto b = std::make_unique<barrier<>>(2);
    auto m = std::make_unique<shared_mutex>();
    m->blocking_lock_shared();
    seam::thread other([b = b.get(), m = m.get()] {
      m->unlock_shared();
      static_cast<void>(b->arrive());
    });
    m->blocking_lock();
    m->unlock();
    m.reset();
    b->blocking_arrive_and_wait();
    b.reset();
  });
}
