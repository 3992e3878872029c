// SPDX-License-Identifier: Apache-2.0
// moodycamel's blocking queue with the two verbs that blocking_pool needs.
#pragma once

#include <concurrentqueue/blockingconcurrentqueue.h>
#include <functional>
#include <utility>

namespace bench {

class moodycamel_queue {
 public:
  void push(std::function<void()> call) { queue_.enqueue(std::move(call)); }

  std::function<void()> pop() {
    std::function<void()> call;
    queue_.wait_dequeue(call);
    return call;
  }

 private:
  moodycamel::BlockingConcurrentQueue<std::function<void()>> queue_;
};

}  // namespace bench
