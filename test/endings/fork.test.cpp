// SPDX-License-Identifier: Apache-2.0
// A fork in the middle: the child has none of the threads, and says so instead of waiting for them.
#include <chrono>
#include <exception>
#include <gtest/gtest.h>
#include <optional>
#include <pthread.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <quartet/algo/map.hpp>
#include <quartet/base/errors.hpp>
#include <quartet/core/blocking.hpp>
#include <quartet/core/blocking_group.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/processes/process_pool.hpp>
#include <quartet/exec/threads/thread.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/sync/latch.hpp>

// Thread sanitizer would end each child that starts threads.
extern "C" char const* __tsan_default_options() { return "die_after_fork=0"; }  // NOLINT

#if defined(__has_feature)
#if __has_feature(address_sanitizer) && __clang_major__ < 17
// Address sanitizer of this age leaves the lock of its allocator to the child as it is, held
// perhaps by a thread that was about to start: it is taken before a fork and given back after it.
namespace __lsan {  // NOLINT
void LockAllocator();
void UnlockAllocator();
}  // namespace __lsan
namespace {
int const locked_at_fork =
    pthread_atfork(&__lsan::LockAllocator, &__lsan::UnlockAllocator, &__lsan::UnlockAllocator);
}  // namespace
#endif
#endif

namespace quartet {
namespace {

constexpr int fine = 42, no_error = 43, other_error = 44;
constexpr unsigned limit = 60;  // seconds after which a child that waits is ended by a signal

/// The exit status of a child of a fork in which `f` runs; 1000 + the signal if one ended it.
template <class F> int status_of_child(F f) {
  pid_t const child = fork();
  if (child == 0) {
    alarm(limit);
    _exit(f());
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/// What becomes of `f`, which should throw `closed` with the words about forks.
template <class F> int refusal_of(F f) {
  try {
    f();
  } catch (closed const& e) {
    return std::string(e.what()).find("child of a fork") != std::string::npos ? fine : other_error;
  } catch (...) {
    return other_error;
  }
  return no_error;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
/// Ends a child that exits once `early` is destroyed: the leak checker after it, which knows
/// nothing of forks, would take for lost what only threads of the parent hold.
struct exit_of_child {
  ~exit_of_child() {
    if (getpid() != parent) _exit(fine);
  }
  pid_t const parent = getpid();
} after_early;
#endif
#endif

thread_pool early({.workers = 2});

TEST(fork, refuses_calls_in_the_child_of_a_pool_that_works) {
  thread_pool pool({.workers = 2});
  pool.warm();
  std::vector<int> const many(100);
  EXPECT_EQ(status_of_child(
                [&] { return refusal_of([&] { pool.submit([] { return 1; }).blocking_get(); }); }),
            fine);
  EXPECT_EQ(status_of_child([&] { return refusal_of([&] { pool.warm(); }); }), fine);
  EXPECT_EQ(status_of_child([&] {
              return refusal_of([&] { map(pool, many, [](int x) { return x; }).blocking_get(); });
            }),
            fine);
  EXPECT_EQ(pool.submit([] { return 1; }).blocking_get(), 1) << "the parent is not concerned";
}

TEST(fork, ends_a_wait_in_the_child_for_what_the_parent_computes) {
  thread_pool pool({.workers = 2});
  latch go(1);
  future<int> answer = pool.submit([&] {
    go.blocking_wait();
    return 7;
  });
  EXPECT_EQ(status_of_child([&] { return refusal_of([&] { answer.blocking_get(); }); }), fine);
  go.count_down();
  EXPECT_EQ(answer.blocking_get(), 7);
}

TEST(fork, lets_the_child_destroy_pools_calls_and_threads_that_it_does_not_have) {
  std::optional<thread_pool> pool(std::in_place, pool_options{.workers = 2});
  latch go(1);
  std::optional<future<void>> call = pool->submit([&] { go.blocking_wait(); });
  std::optional<blocking_group> group(std::in_place, *pool);
  group->spawn([&] { go.blocking_wait(); });
  std::optional<thread> lone(std::in_place, [&] { go.blocking_wait(); });
  EXPECT_EQ(status_of_child([&] {
              if (int const r = refusal_of([&] { group->blocking_join(); }); r != fine) return r;
              if (int const r = refusal_of([&] { lone->join(); }); r != fine) return r;
              pool->pause();
              pool->resume();
              group.reset();
              call.reset();
              lone.reset();
              pool.reset();
              return fine;
            }),
            fine);
  go.count_down();
}

TEST(fork, leaves_a_pool_that_was_not_used_to_whoever_uses_it_first) {
  thread_pool pool({.workers = 1});
  EXPECT_EQ(status_of_child([&] { return pool.submit([] { return fine; }).blocking_get(); }), fine);
  EXPECT_EQ(pool.submit([] { return 1; }).blocking_get(), 1);
}

TEST(fork, lets_the_child_make_pools_of_its_own) {
  early.warm();
  EXPECT_EQ(status_of_child([] {
              thread_pool own({.workers = 2});
              return own.submit([] { return fine; }).blocking_get();
            }),
            fine);
}

TEST(fork, lets_the_child_exit_with_a_pool_at_namespace_scope) {
  early.warm();
  EXPECT_EQ(status_of_child([]() -> int { std::exit(fine); }), fine);
}

TEST(fork, lets_a_task_fork_and_end_the_child) {
  auto const forking = [] { return status_of_child([] { return fine; }); };
  EXPECT_EQ(early.submit(forking).blocking_get(), fine);
  EXPECT_EQ(early.submit([&] { return blocking(forking); }).blocking_get(), fine);
  // The child may also call what blocks, on its way to exec.
  EXPECT_EQ(
      early.submit([] { return status_of_child([] { return blocking([] { return fine; }); }); })
          .blocking_get(),
      fine);
}

TEST(fork, refuses_a_task_in_the_child_that_submits_to_its_own_pool) {
  EXPECT_EQ(early
                .submit([] {
                  return status_of_child(
                      [] { return refusal_of([] { early.submit([] {}).blocking_get(); }); });
                })
                .blocking_get(),
            fine);
}

TEST(fork, may_come_at_any_moment) {
  constexpr int forks = 100;
  std::optional<thread_pool> pool(std::in_place, pool_options{.workers = 2});
  pool->warm();
  thread busy([&] {
    while (!stop_requested()) {
      blocking_group g(*pool);
      for (int i = 0; i != 20; ++i) g.spawn([] {});
      g.blocking_join();
    }
  });
  for (int i = 0; i != forks; ++i)
    ASSERT_EQ(status_of_child([&] {
                if (int const r = refusal_of([&] { pool->submit([] {}).blocking_get(); });
                    r != fine)
                  return r;
                pool.reset();
                return fine;
              }),
              fine);
}

/// Forks in a task of `early`, whose child goes on as `f` does; how that child ends.
template <class F> int end_of_task_in_child(F f) {
  int status = 0;
  early
      .submit([&]() -> task<> {
        pid_t const child = fork();
        if (child != 0) {
          EXPECT_EQ(waitpid(child, &status, 0), child);
          co_return;
        }
        alarm(limit);
        fclose(stderr);  // what it says is looked at by a death test
        co_await f();
      })
      .blocking_get();
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

TEST(fork, ends_a_child_that_comes_back_to_the_pool) {
  EXPECT_EQ(end_of_task_in_child([]() -> task<> { co_return; }), SIGABRT);
  EXPECT_EQ(end_of_task_in_child([]() -> task<> { co_await yield(); }), SIGABRT);
}

struct forked_programs : testing::Test {
  forked_programs() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(forked_programs, say_that_a_child_came_back) {
  EXPECT_DEATH(
      {
        pid_t child = 0;
        early.submit([&] { child = fork(); }).blocking_get();
        int status = 0;
        waitpid(child, &status, 0);
        abort();
      },
      "a task of a pool forked");
}

int twice(int x) { return 2 * x; }

TEST(fork, leaves_the_worker_processes_to_the_parent) {
  std::optional<process_pool> pool(std::in_place, pool_options{.workers = 1});
  pool->warm();  // a result may come before the word that its worker is there
  EXPECT_EQ(pool->submit(twice, 4).blocking_get(), 8);
  std::vector<int> const workers = pool->pids();
  EXPECT_EQ(status_of_child([&] {
              if (int const r = refusal_of([&] { pool->submit(twice, 4).blocking_get(); });
                  r != fine)
                return r;
              pool.reset();
              process_pool own({.workers = 1});
              return own.submit(twice, 21).blocking_get();
            }),
            fine);
  EXPECT_EQ(pool->submit(twice, 5).blocking_get(), 10);
  EXPECT_EQ(pool->pids(), workers);
}

}  // namespace
}  // namespace quartet
