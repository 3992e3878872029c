// SPDX-License-Identifier: Apache-2.0
// What the tests of the primitives share: tasks driven by hand, and threads that hammer.
#pragma once

#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <vector>

#include <quartet/core/group.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

namespace quartet::test {

/// Runs `f(i)` on `n` threads, all started before any begins, and joins them.
inline void on_threads(int n, std::function<void(int)> const& f) {
  std::atomic<int> here{0};
  std::vector<std::thread> all;
  for (int i = 0; i < n; ++i)
    all.emplace_back([&, i] {
      here.fetch_add(1);
      while (here.load() < n) std::this_thread::yield();
      f(i);
    });
  for (std::thread& t : all) t.join();
}

/// How a call has ended, which must have.
template <class R> ending ending_of(future<R>& f) {
  EXPECT_TRUE(f.done());
  try {
    f.blocking_get();
    return ending::value;
  } catch (stopped const&) {
    return ending::stopped;
  } catch (timed_out const&) {
    return ending::timed_out;
  } catch (...) {
    return ending::failed;
  }
}

}  // namespace quartet::test
