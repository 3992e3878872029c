// SPDX-License-Identifier: Apache-2.0
// What the tests of core share: threads that begin together, and how a call has ended.
#pragma once

#include <atomic>
#include <functional>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

#include <quartet/core/future.hpp>

namespace quartet::test {

/// Runs `f(i)` on `n` threads, all started before any begins, and joins them.
inline void together(int n, std::function<void(int)> const& f) {
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

/// Waits for the call, and says how it ended.
template <class R> ending ending_of(future<R>& f) {
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
