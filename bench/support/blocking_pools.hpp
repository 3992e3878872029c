// SPDX-License-Identifier: Apache-2.0
// A pool of threads around any queue with `push` and a blocking `pop`: contenders are queues.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace bench {

/// What everybody writes first: a deque, one mutex, one condition.
class mutex_queue {
 public:
  void push(std::function<void()> call) {
    {
      std::lock_guard lock{mutex_};
      calls_.push_back(std::move(call));
    }
    filled_.notify_one();
  }

  std::function<void()> pop() {
    std::unique_lock lock{mutex_};
    filled_.wait(lock, [this] { return !calls_.empty(); });
    auto call = std::move(calls_.front());
    calls_.pop_front();
    return call;
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::function<void()>> calls_;  // guarded by mutex_
};

/// An empty function ends the worker that takes it.
template <class Queue> class blocking_pool {
 public:
  explicit blocking_pool(int workers) {
    for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { work(); });
  }
  blocking_pool(blocking_pool const&) = delete;
  blocking_pool& operator=(blocking_pool const&) = delete;
  ~blocking_pool() {
    for (std::size_t i = 0; i < threads_.size(); ++i) queue_.push({});
    for (auto& each : threads_) each.join();
  }

  template <class Call> void submit(Call call) { queue_.push(std::function<void()>{call}); }

 private:
  void work() {
    while (auto call = queue_.pop()) call();
  }

  Queue queue_;
  std::vector<std::thread> threads_;
};

}  // namespace bench
