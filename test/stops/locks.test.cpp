// SPDX-License-Identifier: Apache-2.0
// Whoever is stopped at a lock has not taken it, keeps nobody out, and lets those behind move up.
#include <chrono>

#include <quartet/core/executor.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/sync/mutex.hpp>
#include <quartet/sync/semaphore.hpp>
#include <quartet/sync/shared_mutex.hpp>

#include "stops/stopped_everywhere.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::frame;
using test::went_on;

namespace {

/// One who is inside alone, at every moment.
class alone {
 public:
  explicit alone(shared<int>& inside) : inside_(inside) { EXPECT_EQ(++inside_, 1); }
  alone(alone const&) = delete;
  ~alone() { --inside_; }

 private:
  shared<int>& inside_;
};

struct locked_room {
  mutex door;
  shared<int> inside = 0;
};
task<> enter(locked_room* r) {
  frame const here{0};
  auto const l = co_await r->door.scoped_lock();
  alone const me(r->inside);
  co_await yield();
}
task<> enter_soon(locked_room* r) {
  frame const here{0};
  co_await r->door.lock_for(1ms);
  { alone const me(r->inside); }
  r->door.unlock();
}

struct library {
  shared_mutex door;
  shared<int> writers = 0;
};
task<> writes(library* r) {
  frame const here{0};
  auto const l = co_await r->door.scoped_lock();
  alone const writer(r->writers);
  co_await yield();
}
task<> reads_long(library* r) {
  frame const here{0};
  auto const l = co_await r->door.scoped_lock_shared();
  co_await sleep_for(1h);
}
task<> reads(library* r) {
  frame const here{0};
  auto const l = co_await r->door.scoped_lock_shared();
  co_await yield();
  EXPECT_EQ(r->writers, 0);
}

task<> take(semaphore* s, std::size_t n) {
  frame const here{0};
  co_await s->acquire(n);
  test::owed const back([s, n] { s->release(n); });
  co_await yield();
}
task<> take_long(semaphore* s) {
  frame const here{0};
  co_await s->acquire();
  test::owed const back([s] { s->release(); });
  co_await sleep_for(1h);
}
task<> take_soon(semaphore* s) {
  frame const here{0};
  co_await s->acquire_for(1ms, 2);
  s->release(2);
}

/// `first` wants what one who has much time does not leave him, `second` stands behind him and
/// would have enough. Time passes only when nobody can go on.
void moves_up(future<void>& first, future<void>& second) {
  time_point const began = clock::now();
  bool const left = !went_on(first) && clock::now() == began;
  went_on(second);
  EXPECT_TRUE(!left || clock::now() == began) << "who stood behind one stopped still waits";
}

}  // namespace

TEST(stops, mutex) {
  test::stopped_everywhere("mutex", [] {
    locked_room r;
    {
      thread_pool pool({.workers = 2});
      auto a = pool.submit(enter, &r), b = pool.submit(enter, &r), c = pool.submit(enter_soon, &r);
      auto d = pool.submit([&r] { lock_guard const l(r.door); });
      for (auto* f : {&a, &b, &c, &d}) went_on(*f);
    }
    EXPECT_TRUE(r.door.try_lock()) << "somebody stopped has it";
    r.door.unlock();
  });
}

TEST(stops, shared_mutex) {
  test::stopped_everywhere("shared_mutex", [] {
    library r;
    {
      thread_pool pool({.workers = 2});
      auto a = pool.submit(reads_long, &r), b = pool.submit(writes, &r);
      auto c = pool.submit(reads, &r);
      moves_up(b, c);
      auto d = pool.submit([&r] { lock_guard const l(r.door); });
      for (auto* f : {&a, &d}) went_on(*f);
    }
    EXPECT_TRUE(r.door.try_lock()) << "somebody stopped has it";
    r.door.unlock();
  });
}

TEST(stops, semaphore) {
  test::stopped_everywhere("semaphore", [] {
    semaphore s(2);
    {
      thread_pool pool({.workers = 2});
      auto a = pool.submit(take_long, &s), b = pool.submit(take, &s, 2);
      auto c = pool.submit(take, &s, 1);
      moves_up(b, c);
      auto d = pool.submit(take_soon, &s);
      auto e = pool.submit([&s] {
        s.blocking_acquire();
        s.release();
      });
      for (auto* f : {&a, &d, &e}) went_on(*f);
    }
    EXPECT_EQ(s.available(), 2U) << "somebody stopped has one";
  });
}
