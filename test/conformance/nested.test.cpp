// SPDX-License-Identifier: Apache-2.0
// Calls within calls, and what a call may wait for.
#include <quartet/core/group.hpp>
#include <quartet/exec/inline/inline_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "calls.hpp"
#include "cell.hpp"

using namespace conformance;
using namespace quartet;
using namespace std::chrono_literals;

namespace {

/// The function of a cell about coroutines: runs one on an executor of its own.
template <auto C, class... A> auto here(A... a) {
  inline_executor e;
  return e.submit(fn<C>, std::move(a)...).blocking_get();
}

int within(int x) {
  inline_executor own;
  return own.submit(&twice, x).blocking_get() + 1;
}
task<int> within_later(int x) {
  inline_executor own;
  auto f = own.submit(&twice_later, x);
  co_return co_await f + 1;
}

int deep(int levels) {
  if (levels == 0) return 0;
  inline_executor own;
  return own.submit(&deep, levels - 1).blocking_get() + 1;
}
task<int> deep_later(int levels) {
  if (levels == 0) co_return 0;
  inline_executor own;
  auto f = own.submit(&deep_later, levels - 1);
  co_return co_await f + 1;
}

any_executor* the_executor = nullptr;  // of the cell that runs; workers in other processes see null
int on_the_same(int x) {
  return the_executor == nullptr ? -1 : the_executor->submit(&twice, x).blocking_get();
}
task<int> on_the_same_later(int x) {
  if (the_executor == nullptr) co_return -1;
  auto f = the_executor->submit(&twice_later, x);
  co_return co_await f;
}

task<int> yields_later(int times) {
  int done = 0;
  for (; done != times; ++done) co_await yield();
  co_return done;
}
int yields(int times) { return here<&yields_later>(times); }

std::int64_t sleeps(int ms) {
  time_point const start = clock::now();
  blocking_sleep_for(std::chrono::milliseconds(ms));
  return duration(clock::now() - start).count();
}
task<std::int64_t> sleeps_later(int ms) {
  time_point const start = clock::now();
  co_await sleep_for(std::chrono::milliseconds(ms));
  co_return duration(clock::now() - start).count();
}

task<> store_twice(int* to, int x) {
  co_await yield();
  *to = 2 * x;
}
task<int> groups_later(int n) {
  std::vector<int> parts(static_cast<std::size_t>(n));
  auto const body = [](group& g, std::vector<int>* all) {
    int x = 0;
    for (int& part : *all) g.spawn(&store_twice, &part, x++);
  };
  co_await with_group(body, &parts);
  int sum = 0;
  for (int part : parts) sum += part;
  co_return sum;
}
int groups(int n) { return here<&groups_later>(n); }

/// Another executor, in whichever process this runs.
thread_pool& elsewhere() {
  static thread_pool pool({.workers = 1});
  return pool;
}

int awaits(std::string gate) { return elsewhere().submit(&pass, std::move(gate)).blocking_get(); }
task<int> awaits_later(std::string gate) {
  auto f = elsewhere().submit(&pass_later, std::move(gate));
  co_return co_await f;
}

task<int> hops_later(std::string gate) {
  executor_base& home = *current_task()->executor;
  co_await hop(elsewhere());
  wait_at(gate);
  co_await hop(home);
  co_return 1;
}
int hops(std::string gate) { return here<&hops_later>(std::move(gate)); }

bool is(cell const& c, std::string_view executor) { return c.on.name == executor; }

/// For calls that wait for another executor.
template <auto F, auto C> void outside_wait(cell& c) {
  scratch s;
  gate elsewhere_ends(s.file("gate"));
  if (c.on.here) elsewhere().warm();  // its threads are no part of what is simulated
  any_executor ex = c.make();
  bool const drives_itself_alone = is(c, "sim") || (is(c, "manual") && c.coroutine);
  if (!drives_itself_alone) {
    elsewhere_ends.open();
    EXPECT_EQ((c.submit<F, C>(ex, elsewhere_ends.path()).blocking_get()), 1);
    return;
  }
  c.differs(
      "blocking_get throws would_deadlock until the other is done; then it may be called again");
  auto f = c.submit<F, C>(ex, elsewhere_ends.path());
  EXPECT_THROW(f.blocking_get(), would_deadlock);
  elsewhere_ends.open();
  for (;;) try {
      EXPECT_EQ(f.blocking_get(), 1);
      return;
    } catch (would_deadlock const&) {  // not yet
    }
}

}  // namespace

QUARTET_CONFORMANCE(a_call_submits_to_an_executor_of_its_own) {
  any_executor ex = c.make();
  EXPECT_EQ((c.submit<&within, &within_later>(ex, 4).blocking_get()), 9);
}

QUARTET_CONFORMANCE(twenty_executors_deep) {
  any_executor ex = c.make();
  EXPECT_EQ((c.submit<&deep, &deep_later>(ex, 20).blocking_get()), 20);
}

QUARTET_CONFORMANCE(a_call_submits_to_its_own_executor) {
  any_executor ex = c.make(1);
  the_executor = &ex;
  auto f = c.submit<&on_the_same, &on_the_same_later>(ex, 4);
  if (!c.on.here) {
    c.differs("cannot: the pool is not there in its workers; a call takes an executor of its own");
    EXPECT_EQ(f.blocking_get(), -1);
  } else if (!c.coroutine && !c.on.nests) {
    c.differs("a function that blocks for it gets would_deadlock; a coroutine awaits it");
    EXPECT_THROW(f.blocking_get(), would_deadlock);
  } else {
    EXPECT_EQ(f.blocking_get(), 8);
  }
}

QUARTET_CONFORMANCE(a_call_yields) {
  any_executor ex = c.make();
  EXPECT_EQ((c.submit<&yields, &yields_later>(ex, 1000).blocking_get()), 1000);
}

QUARTET_CONFORMANCE(a_call_sleeps_at_least_so_long) {
  any_executor ex = c.make();
  auto const start = std::chrono::steady_clock::now();
  auto const ns = c.submit<&sleeps, &sleeps_later>(ex, 2).blocking_get();
  if (is(c, "manual") && !c.coroutine) {
    c.differs("a function sleeps for real, while the virtual clock stands");
    EXPECT_GE(std::chrono::steady_clock::now() - start, 2ms);
    return;
  }
  EXPECT_GE(ns, 2'000'000);
}

QUARTET_CONFORMANCE(a_call_opens_a_group) {
  any_executor ex = c.make();
  EXPECT_EQ((c.submit<&groups, &groups_later>(ex, 10).blocking_get()), 90);
}

QUARTET_CONFORMANCE(a_call_waits_for_another_executor) { outside_wait<&awaits, &awaits_later>(c); }

QUARTET_CONFORMANCE(a_call_changes_its_executor) { outside_wait<&hops, &hops_later>(c); }
