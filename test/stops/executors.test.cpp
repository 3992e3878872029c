// SPDX-License-Identifier: Apache-2.0
// A call that is stopped, queued, running or waiting, ends once, and its executor ends after it.
#include <chrono>

#include <quartet/core/executor.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/inline/inline_executor.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/atomic.hpp>

#include "stops/stopped_everywhere.hpp"

using namespace quartet;
using namespace std::chrono_literals;
using test::frame;
using test::went_on;

namespace {

task<> works() {
  frame const here{0};
  co_await yield();
  co_await sleep_for(1ms);
}
void computes(seam::atomic<int>* runs) {
  runs->fetch_add(1, seam::relaxed);
  checkpoint();
}
/// Coroutines and functions, from outside and from a task, some with a timeout.
template <class E> void all_calls_end(E& on) {
  seam::atomic<int> runs{0};
  auto a = on.submit(works), b = on.submit({.timeout = 1ms}, works);
  auto c = on.submit(computes, &runs);
  auto const call = [](E* to) -> task<> {
    frame const here{0};
    auto inner = to->submit(works);
    co_await inner;
  };
  auto d = on.submit(call, &on);
  { auto const dropped = on.submit(works); }
  bool const computed = went_on(c);
  for (auto* f : {&a, &b, &d}) went_on(*f);
  EXPECT_TRUE(!computed || runs.load(seam::relaxed) == 1);
}

}  // namespace

TEST(stops, inline_executor) {
  test::stopped_everywhere("inline", [] {
    inline_executor e;
    all_calls_end(e);
  });
}

TEST(stops, event_loop) {
  test::stopped_everywhere("loop", [] {
    event_loop e;
    all_calls_end(e);
  });
}

TEST(stops, manual_executor) {
  test::stopped_everywhere("manual", [] {
    manual_executor e;
    all_calls_end(e);
  });
}

TEST(stops, thread_pool) {
  test::stopped_everywhere("threads", [] {
    thread_pool e({.workers = 2});
    all_calls_end(e);
  });
}

TEST(stops, thread) {
  test::stopped_everywhere("thread", [] {
    thread_pool pool({.workers = 1});
    auto const starts = [] {
      thread sleeps([] { blocking_sleep_for(1ms); });
      thread asks([](stop_token t) { static_cast<void>(t.requested()); });
      sleeps.join();
      checkpoint();
    };
    auto f = pool.submit(starts);
    went_on(f);
  });
}
