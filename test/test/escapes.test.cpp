// SPDX-License-Identifier: Apache-2.0
// What a body does behind the simulator's back is named, with its place; what is no harm works.
#define QUARTET_CHECK 1
#include "escapes.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <future>
#include <gtest/gtest.h>
#include <latch>
#include <mutex>
#include <poll.h>
#include <pthread.h>
#include <random>
#include <semaphore.h>
#include <shared_mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/time.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/test/explore.hpp>

#include "stand_in.hpp"
#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using explore_test::contains;

namespace {

constexpr char const* escaped = "a call that the simulator does not control";

struct escape : testing::Test {
  void SetUp() override {
    if (!detail::escape_watch::sees())
      GTEST_SKIP() << "needs the C library's functions, which the sanitizer has";
  }
};

/// `body` is refused for calling `function`, here, and is told what to do.
template <class F> void expect_escape(std::string const& function, char const* instead, F body) {
  explore_report const r = explore({.schedules = 200, .minimise = false}, body);
  ASSERT_TRUE(r.failure) << r.text();
  EXPECT_EQ(r.failure->kind, escaped) << r.text();
  EXPECT_TRUE(contains(r.failure->what, "/escapes.test.cpp:")) << r.text();
  EXPECT_TRUE(r.failure->what.starts_with(function + ", called at ")) << r.text();
  EXPECT_TRUE(contains(r.failure->what, instead)) << r.text();
  explore_report const again = replay(r.failure->token, body);
  ASSERT_TRUE(again.failure);
  EXPECT_EQ(again.failure->what, r.failure->what);
}

template <class F> void expect_passes(F body, explore_options const& o = {.schedules = 200}) {
  explore_report const r = explore(o, body);
  EXPECT_TRUE(r.passed()) << r.text();
}

/// Two simulated threads that do the same at the same time.
template <class F> void twice(F f) { seam::thread a(f, "a"), b(f, "b"); }

/// Another thread may go on.
void others_may_run() {
  seam::atomic<int> n{0};
  n.fetch_add(1, seam::relaxed);
}

void transfer() { usleep(1); }  // tidy-allow sleeping: it is what must be found

}  // namespace

TEST_F(escape, a_real_thread) {
  auto const instead = "use quartet::thread or an executor";
  expect_escape("pthread_create", instead, [] { std::thread([] {}).join(); });
  expect_escape("pthread_create", instead, [] { std::async(std::launch::async, [] {}).get(); });
  expect_escape("pthread_create", instead, [] {
    pthread_t id{};
    pthread_create(
        &id, nullptr, [](void*) -> void* { return nullptr; }, nullptr);
  });
}

TEST_F(escape, another_process) {
  expect_escape("fork", "processes are not simulated", [] { static_cast<void>(fork()); });
  expect_escape("system", "processes are not simulated",
                [] { static_cast<void>(std::system("true")); });
}

TEST_F(escape, a_sleep) {
  auto const instead = "use quartet::blocking_sleep_for";
  timespec const t{0, 1};
  // tidy-allow sleeping: they are what must be found
  expect_escape("nanosleep", instead, [] { std::this_thread::sleep_for(1ns); });
  expect_escape("nanosleep", instead, [&] { nanosleep(&t, nullptr); });  // tidy-allow sleeping: too
  expect_escape("clock_nanosleep", instead, [&] {
    clock_nanosleep(CLOCK_MONOTONIC, 0, &t, nullptr);  // tidy-allow sleeping: as above
  });
  expect_escape("usleep", instead, [] { usleep(1); });  // tidy-allow sleeping: as above
  expect_escape("sleep", instead, [] { sleep(1); });    // tidy-allow sleeping: as above
}

TEST_F(escape, a_report_names_the_function_that_called) {
  explore_report const r = explore({.schedules = 10}, [] { seam::thread a(&transfer, "a"); });
  ASSERT_TRUE(r.failure);
  EXPECT_TRUE(contains(r.failure->what, "escapes.test.cpp:")) << r.text();
  EXPECT_TRUE(contains(r.failure->what, " (transfer); use quartet::blocking_sleep_for\n"))
      << r.text();
}

TEST_F(escape, a_clock) {
  auto const instead = "use quartet::clock";
  expect_escape("clock_gettime", instead,
                [] { static_cast<void>(std::chrono::steady_clock::now()); });
  expect_escape("clock_gettime", instead,
                [] { static_cast<void>(std::chrono::system_clock::now()); });
  expect_escape("clock_gettime", instead, [] {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  });
  expect_escape("gettimeofday", instead, [] {
    timeval t{};
    gettimeofday(&t, nullptr);
  });
  expect_escape("time", instead, [] { static_cast<void>(std::time(nullptr)); });
  expect_escape("clock", instead, [] { static_cast<void>(std::clock()); });
}

TEST_F(escape, chance) {
  auto const instead = "draw from a generator with a fixed seed";
  expect_escape("getrandom", instead, [] {
    int x = 0;
    static_cast<void>(getrandom(&x, sizeof x, 0));
  });
  expect_escape("getentropy", instead, [] {
    int x = 0;
    static_cast<void>(getentropy(&x, sizeof x));
  });
  expect_escape("std::random_device", instead, [] { static_cast<void>(std::random_device()()); });
  expect_escape("open", instead, [] { close(open("/dev/urandom", O_RDONLY | O_CLOEXEC)); });
  expect_escape("fopen", instead, [] { std::fclose(std::fopen("/dev/random", "re")); });
  expect_passes([] {
    close(open("/dev/null", O_RDONLY | O_CLOEXEC));
    seam::entropy();
  });
}

TEST_F(escape, a_wait_for_descriptors) {
  auto const instead = "give it a timeout of 0";
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  pollfd p{ends[0], POLLIN, 0};
  timespec const t{0, 1};
  timeval v{0, 1};
  int const poller = epoll_create1(EPOLL_CLOEXEC);
  expect_escape("poll", instead, [&] { poll(&p, 1, 1); });
  expect_escape("poll", instead, [&] { poll(&p, 1, -1); });
  expect_escape("ppoll", instead, [&] { ppoll(&p, 1, &t, nullptr); });
  expect_escape("select", instead, [&] { select(0, nullptr, nullptr, nullptr, &v); });
  expect_escape("select", instead, [&] { select(0, nullptr, nullptr, nullptr, nullptr); });
  expect_escape("epoll_wait", instead, [&] {
    epoll_event e{};
    epoll_wait(poller, &e, 1, 1);
  });
  expect_passes([&] {  // those that do not wait
    epoll_event e{};
    check(poll(&p, 1, 0) == 0);
    check(epoll_wait(poller, &e, 1, 0) == 0);
    check(write(ends[1], "x", 1) == 1);
    check(poll(&p, 1, -1) == 1);
    char x = 0;
    check(read(ends[0], &x, 1) == 1);
  });
  for (int const fd : {ends[0], ends[1], poller}) close(fd);
}

TEST_F(escape, a_mutex_that_another_thread_holds) {
  expect_escape("pthread_mutex_lock", "; use quartet::mutex", [] {
    std::mutex m;
    twice([&] {
      std::lock_guard const g(m);
      others_may_run();
    });
  });
  expect_escape("pthread_mutex_lock", "would wait for \"", [] {
    std::recursive_mutex m;
    twice([&] {
      std::lock_guard const g(m);
      others_may_run();
    });
  });
  expect_escape("pthread_mutex_clocklock", "would wait for \"", [] {
    std::timed_mutex m;
    timespec const t{};
    twice([&] {
      pthread_mutex_clocklock(m.native_handle(), CLOCK_MONOTONIC, &t);
      others_may_run();
      m.unlock();
    });
  });
}

TEST_F(escape, a_mutex_that_is_free_is_no_harm) {
  expect_passes([] {
    static std::mutex of_all_runs;
    std::recursive_mutex m;
    int n = 0;
    twice([&] {
      others_may_run();
      std::scoped_lock const both(of_all_runs, m);
      std::lock_guard const again(m);
      ++n;
    });
    check(n == 2);
  });
}

TEST_F(escape, who_only_tries_gets_an_answer) {
  expect_passes([] {
    std::recursive_mutex m;
    int inside = 0;
    twice([&] {
      if (!m.try_lock()) return;
      check(++inside == 1, "nobody else is inside");
      others_may_run();
      --inside;
      m.unlock();
    });
  });
}

TEST_F(escape, a_reader_writer_lock_that_another_thread_holds) {
  expect_escape("pthread_rwlock_wrlock", "use quartet::mutex", [] {
    std::shared_mutex m;
    twice([&] {
      std::lock_guard const g(m);
      others_may_run();
    });
  });
  expect_escape("pthread_rwlock_rdlock", "use quartet::mutex", [] {
    std::shared_mutex m;
    seam::thread reads([&] { std::shared_lock const l(m); });
    std::lock_guard const g(m);
    others_may_run();
  });
  expect_passes([] {
    std::shared_mutex m;
    twice([&] {
      std::shared_lock const l(m);
      others_may_run();
    });
  });
}

TEST_F(escape, a_spin_lock_that_another_thread_holds) {
  expect_escape("pthread_spin_lock", "use quartet::mutex", [] {
    pthread_spinlock_t s{};
    pthread_spin_init(&s, 0);
    twice([&] {
      pthread_spin_lock(&s);
      others_may_run();
      pthread_spin_unlock(&s);
    });
  });
}

TEST_F(escape, a_wait_for_a_condition) {
  auto const instead = "use quartet::condition";
  expect_escape("pthread_cond_wait", instead, [] {
    std::mutex m;
    std::condition_variable c;
    std::unique_lock l(m);
    c.wait(l);
  });
  expect_escape("pthread_cond_clockwait", instead, [] {
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t c = PTHREAD_COND_INITIALIZER;
    timespec const t{};
    pthread_mutex_lock(&m);
    pthread_cond_clockwait(&c, &m, CLOCK_MONOTONIC, &t);
  });
  expect_passes([] { std::condition_variable().notify_all(); });
}

TEST_F(escape, a_semaphore_that_is_empty) {
  expect_escape("sem_wait", "use quartet::semaphore", [] {
    sem_t s{};
    sem_init(&s, 0, 0);
    sem_wait(&s);
  });
  expect_passes([] {
    sem_t s{};
    sem_init(&s, 0, 1);
    check(sem_wait(&s) == 0);
  });
}

TEST_F(escape, what_the_standard_library_waits_for_by_itself) {
  auto const instead = "wait by quartet's channels, latches and events";
  expect_escape("syscall(SYS_futex)", instead, [] {
    std::atomic<int> n{0};
    n.wait(0);
  });
  expect_escape("syscall(SYS_futex)", instead, [] { std::latch(1).wait(); });
  expect_escape("syscall(SYS_futex)", instead, [] {
    std::promise<int> p;
    p.get_future().wait();
  });
  expect_passes([] {
    std::promise<int> p;
    p.set_value(3);
    check(p.get_future().get() == 3);
  });
}

TEST_F(escape, a_once_that_another_thread_is_in) {
  expect_escape("pthread_once", "use a static variable", [] {
    std::once_flag once;
    twice([&] { std::call_once(once, &others_may_run); });
  });
  expect_passes([] {
    std::once_flag once;
    twice([&] {
      others_may_run();
      std::call_once(once, [] {});
    });
  });
}

TEST_F(escape, a_thread_local_object) {
  expect_escape("__cxa_thread_atexit (a thread_local object)", "all simulated threads share it",
                [] {
                  thread_local std::string const mine(100, 'x');
                  check(mine.size() == 100);
                });
}

TEST_F(escape, a_yield_lets_the_others_run) {
  expect_passes(
      [] {
        std::atomic<bool> there{false};
        seam::thread sets([&] { there = true; });
        while (!there) std::this_thread::yield();
      },
      {.schedules = 200, .points_max = 10'000});
}

TEST_F(escape, outside_of_a_run_nothing_is_refused) {
  expect_passes([] { others_may_run(); });
  std::mutex m;
  std::lock_guard const g(m);
  std::thread([] { static_cast<void>(std::chrono::steady_clock::now()); }).join();
}

namespace {

/// Of which each process makes one, in a run.
struct slow {
  shared<int> value{0};
  slow() {
    others_may_run();
    value = 7;
    others_may_run();
  }
};

slow& the_slow_one() {
  static slow it;
  return it;
}

}  // namespace

TEST_F(escape, a_static_is_waited_for_by_letting_its_initialiser_go_on) {
  // Each replay is a new process, in which the static is made anew.
  for (std::uint64_t seed = 1; seed != 30; ++seed)
    expect_passes(
        [] {
          int seen = 0;
          {
            seam::thread a([&] { seen += the_slow_one().value; });
            seam::thread b([&] { seen += the_slow_one().value; });
            seam::thread c([&] { seen += the_slow_one().value; });
          }
          check(seen == 21);
        },
        {.schedules = 5, .seed = seed});
}

TEST_F(escape, a_static_that_fails_is_made_by_the_next_one) {
  expect_passes([] {
    static int tries;
    tries = 0;
    auto const get = [] {
      static int const made = [] {
        others_may_run();
        if (++tries == 1) throw std::runtime_error("not yet");
        return 5;
      }();
      return made;
    };
    twice([&] {
      try {
        check(get() == 5);
      } catch (std::runtime_error const&) {
      }
    });
  });
}

TEST_F(escape, a_static_that_is_never_made_is_a_deadlock) {
  explore_report const r = explore({.schedules = 1, .minimise = false}, [] {
    seam::futex_word never_set(0);
    twice([&] {
      static int const it = [&] {
        seam::futex_wait(never_set, 0);
        return 1;
      }();
      static_cast<void>(it);
    });
  });
  ASSERT_TRUE(r.failure);
  EXPECT_EQ(r.failure->kind, "deadlock") << r.text();
  EXPECT_TRUE(contains(r.failure->what, "waits at a static that another thread initialises"))
      << r.text();
}

TEST_F(escape, the_page_names_every_call) {
#if QUARTET_ESCAPES
  std::ifstream in(QUARTET_SOURCE_DIR "/docs/explain/simulator.md");
  std::ostringstream page;
  page << in.rdbuf();
  detail::escapes::table all;
  detail::escapes::add_calls(all);
  detail::escapes::add_locks(all);
  detail::escapes::add_waits(all);
  for (detail::replacement const& r : all) {
    std::string name = r.name;
    if (name.starts_with('_')) continue;  // another form of one of the others
    if (name.ends_with("64")) name.resize(name.size() - 2);
    EXPECT_TRUE(contains(page.str(), "`" + name + "`")) << name;
  }
#endif
}
