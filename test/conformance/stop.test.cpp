// SPDX-License-Identifier: Apache-2.0
// Stops, timeouts, and who waits for whom at the end.
#include <optional>
#include <thread>

#include <quartet/algo/fork_join.hpp>
#include <quartet/algo/parallel_invoke.hpp>

#include "calls.hpp"
#include "cell.hpp"

using namespace conformance;
using namespace quartet;
using namespace std::chrono_literals;

namespace {

char const has_run[] =
    "a call has run when submit returns; a stop must come from another thread or before";

/// Would go on for ever: the function computes and looks for a stop, the coroutine sleeps.
int endless(std::string begun) {
  open_gate(begun);
  for (;;) {
    checkpoint();
    std::this_thread::yield();
  }
}
task<int> endless_later(std::string begun) {
  open_gate(begun);
  co_await sleep_for(1h);
  co_return 0;
}

/// The same as a branch of a fork.
int endless_fork(std::string begun) {
  auto const [a, b] = parallel_invoke([] { return 1; }, [&] { return endless(begun); });
  return a + b;
}
task<int> endless_fork_later(std::string begun) {
  auto const [a, b] = co_await fork_join([] { return 1; }, [&] { return endless_later(begun); });
  co_return a + b;
}

/// Looks for a stop until one comes, or for 50 ms.
bool sees_a_stop() {
  auto const end = std::chrono::steady_clock::now() + 50ms;
  while (std::chrono::steady_clock::now() < end)
    if (stop_requested()) return true;
  return false;
}
int polls(bool for_ever) {
  do
    if (sees_a_stop()) throw stopped();
  while (for_ever);
  return 1;
}
task<int> sleeps(bool) {
  co_await sleep_for(1h);
  co_return 1;
}

/// A function that keeps the thread that fires the timers is not told while it runs. What the
/// difference is; null if there is none.
char const* deaf(cell const& c) {
  if (c.coroutine || c.on.alone) return nullptr;
  return std::string_view(c.on.name) == "sim"
             ? "a function is not told while it computes: virtual time stands; a coroutine is"
             : "a function is not told: it keeps the thread that looks at the clock; a coroutine "
               "is";
}

struct job {
  std::string begun;
  int number = 0;
};
int endless_job(job j) { return endless(j.begun); }
task<int> endless_job_later(job j) { return endless_later(j.begun); }

/// A call to be stopped that has begun. Executors that run calls only while somebody waits are
/// stopped by another thread, or (time may be virtual) between two waits.
template <auto F, auto C> class begun_call {
 public:
  begun_call(cell const& c, any_executor& ex, gate& begun) {
    bool const runs_in_submit_or_get = !c.on.alone && (c.on.at_once || !c.coroutine);
    if (runs_in_submit_or_get)
      stopper_.emplace([&] {
        begun.wait();
        source_.request();
      });
    call_.emplace(c.submit_with<F, C>(ex, {.stop = &source_}, begun.path()));
    if (runs_in_submit_or_get) return;
    if (!c.on.alone) do
        ex.submit(fn<&twice>, 1).blocking_get();
      while (!begun.is_open());  // which of two calls goes first is not said
    begun.wait();
    call_->stop();
  }
  begun_call(begun_call const&) = delete;
  begun_call& operator=(begun_call const&) = delete;
  ~begun_call() {
    if (stopper_) stopper_->join();
  }
  int get() { return call_->blocking_get(); }

 private:
  stop_source source_;
  std::optional<std::thread> stopper_;
  std::optional<future<int>> call_;
};

}  // namespace

QUARTET_CONFORMANCE(a_call_whose_stop_was_asked_before_never_runs) {
  scratch s;
  any_executor ex = c.make();
  stop_source source;
  source.request();
  auto f = c.submit_with<&mark_now, &mark_later>(ex, {.stop = &source}, s.file("marks"));
  EXPECT_THROW(f.blocking_get(), stopped);
  EXPECT_EQ(marks(s.file("marks")), 0u);
}

QUARTET_CONFORMANCE(a_queued_call_that_is_stopped_never_runs) {
  scratch s;
  gate busy(s.file("busy"));
  any_executor ex = c.make(1);
  if (!c.on.alone) busy.open();  // else nobody could open it while the call runs
  auto first = c.submit<&pass, &pass_later>(ex, busy.path());
  auto second = c.submit<&mark_now, &mark_later>(ex, s.file("marks"));
  second.stop();
  if (c.on.alone) busy.open();
  EXPECT_EQ(first.blocking_get(), 1);
  if (c.on.at_once) {
    c.differs(has_run);
    second.blocking_get();
    EXPECT_EQ(marks(s.file("marks")), 1u);
    return;
  }
  EXPECT_THROW(second.blocking_get(), stopped);
  EXPECT_EQ(marks(s.file("marks")), 0u);
}

QUARTET_CONFORMANCE(a_running_call_sees_its_stop) {
  scratch s;
  gate begun(s.file("begun"));
  any_executor ex = c.make(1);
  begun_call<&endless, &endless_later> call(c, ex, begun);
  EXPECT_THROW(call.get(), stopped);
  EXPECT_EQ((c.submit<&twice, &twice_later>(ex, 4).blocking_get()), 8);
}

QUARTET_CONFORMANCE(the_branches_of_a_fork_see_the_stop_of_its_call) {
  scratch s;
  gate begun(s.file("begun"));
  any_executor ex = c.make(2);
  begun_call<&endless_fork, &endless_fork_later> call(c, ex, begun);
  EXPECT_THROW(call.get(), stopped);
  EXPECT_EQ((c.submit<&twice, &twice_later>(ex, 4).blocking_get()), 8);
}

QUARTET_CONFORMANCE(a_stop_source_stops_all_items) {
  scratch s;
  gate begun(s.file("begun"));
  std::vector<job> const jobs{{begun.path(), 0}, {begun.path(), 1}, {begun.path(), 2}};
  any_executor ex = c.make(2);
  stop_source source;
  bulk_options const o{.stop = &source};
  auto const in_virtual_time = c.coroutine && !c.on.alone && !c.on.at_once;
  std::optional<std::thread> stopper;
  if (!in_virtual_time)
    stopper.emplace([&] {
      begun.wait();
      source.request();
    });
  {
    auto all = c.map<&endless_job, &endless_job_later>(ex, jobs, o);
    if (in_virtual_time) {
      ex.submit(fn<&twice>, 1).blocking_get();
      source.request();
    }
    EXPECT_THROW(all.blocking_get(), stopped);
  }
  if (stopper) stopper->join();
}

QUARTET_CONFORMANCE(a_dropped_batch_stops_and_ends) {
  scratch s;
  any_executor ex = c.make(1);
  std::vector<std::string> const files{s.file("a"), s.file("b")};
  { auto dropped = c.map<&mark_now, &mark_later>(ex, files); }
  EXPECT_EQ((c.submit<&twice, &twice_later>(ex, 4).blocking_get()), 8);
}

QUARTET_CONFORMANCE(a_timeout_ends_a_call) {
  any_executor ex = c.make();
  char const* const difference = deaf(c);
  auto f = c.submit_with<&polls, &sleeps>(ex, {.timeout = 5ms}, difference == nullptr);
  if (difference != nullptr) {
    c.differs(difference);
    EXPECT_EQ(f.blocking_get(), 1);
    return;
  }
  EXPECT_THROW(f.blocking_get(), timed_out);
}

QUARTET_CONFORMANCE(a_timeout_ends_an_item) {
  any_executor ex = c.make();
  std::vector<char> const items{1};
  bulk_options const o{.timeout = 5ms};
  auto const now = [](char) -> int { return polls(true); };
  auto const once = [](char) -> int { return polls(false); };
  auto const later = [](char) -> task<int> { return sleeps(true); };
  if (char const* const difference = deaf(c)) {
    c.differs(difference);
    EXPECT_EQ(quartet::map(ex, items, once, o).blocking_get(), std::vector{1});
    return;
  }
  if (c.coroutine)
    EXPECT_THROW(quartet::map(ex, items, later, o).blocking_get(), timed_out);
  else
    EXPECT_THROW(quartet::map(ex, items, now, o).blocking_get(), timed_out);
}

QUARTET_CONFORMANCE(a_dropped_future_stops_its_call) {
  scratch s;
  gate begun(s.file("begun"));
  if (c.on.at_once) {
    c.differs(has_run);
    any_executor ex = c.make(1);
    { auto dropped = c.submit<&mark_now, &mark_later>(ex, s.file("marks")); }
    EXPECT_EQ(marks(s.file("marks")), 1u);
    return;
  }
  any_executor ex = c.make(1);
  {
    auto dropped = c.submit<&endless, &endless_later>(ex, begun.path());
    if (c.on.alone) begun.wait();
  }
  // The executor ends, though the call by itself would not.
}

QUARTET_CONFORMANCE(the_destructor_waits_for_calls) {
  scratch s;
  std::vector<future<void>> kept;
  {
    any_executor ex = c.make(2);
    for (int i = 0; i != 20; ++i)
      kept.push_back(c.submit<&mark_now, &mark_later>(ex, s.file("marks")));
  }
  EXPECT_EQ(marks(s.file("marks")), 20u);
  for (auto& f : kept) {
    EXPECT_TRUE(f.done());
    f.blocking_get();
  }
}

QUARTET_CONFORMANCE(a_result_outlives_the_executor) {
  auto const make_and_drop = [&c] {
    any_executor ex = c.make();
    return c.submit<&twice, &twice_later>(ex, 21);
  };
  future<int> f = make_and_drop();
  EXPECT_EQ(f.blocking_get(), 42);
}

QUARTET_CONFORMANCE(four_threads_submit) {
  any_executor ex = c.make();
  std::vector<future<int>> got[4];
  std::vector<std::thread> threads;
  for (auto& mine : got)
    threads.emplace_back([&c, &ex, &mine] {
      for (int i = 0; i != 50; ++i) mine.push_back(c.submit<&twice, &twice_later>(ex, i));
    });
  for (auto& t : threads) t.join();
  for (auto& mine : got) {
    int i = 0;
    for (auto& f : mine) EXPECT_EQ(f.blocking_get(), 2 * i++);
    EXPECT_EQ(i, 50);
  }
}

QUARTET_CONFORMANCE(twenty_executors_come_and_go) {
  for (int i = 0; i != 20; ++i) {
    any_executor ex = c.make();
    EXPECT_EQ((c.submit<&twice, &twice_later>(ex, i).blocking_get()), 2 * i);
  }
}
