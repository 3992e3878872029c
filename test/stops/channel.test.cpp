// SPDX-License-Identifier: Apache-2.0
// What was sent is received or still there; a stopped send has not sent, a stopped recv not taken.
#include <quartet/core/executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/seam/atomic.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/sync/channel.hpp>

#include "stops/stopped_everywhere.hpp"

using namespace quartet;
using test::frame;
using test::went_on;

namespace {

struct traffic {
  explicit traffic(std::size_t capacity) : c(capacity) {}
  channel<int> c;
  seam::atomic<int> sent{0}, received{0};

  void receive_rest() {
    while (auto const n = c.blocking_recv()) received.fetch_add(*n, seam::relaxed);
  }
};

task<> send(traffic* t) {
  frame const here{0};
  for (int n : {1, 10}) {
    co_await t->c.send(n);
    t->sent.fetch_add(n, seam::relaxed);
  }
}
task<> receive(traffic* t) {
  frame const here{0};
  for (;;) {
    auto const n = co_await t->c.recv();
    if (!n) co_return;
    t->received.fetch_add(*n, seam::relaxed);
  }
}

}  // namespace

TEST(stops, channel) {
  for (std::size_t const capacity : {0, 1}) {
    char const* const name = capacity == 0 ? "channel" : "channel with room";
    test::stopped_everywhere(name, [capacity] {
      traffic t(capacity);
      thread_pool pool({.workers = 2});
      auto a = pool.submit(receive, &t), b = pool.submit(send, &t), c = pool.submit(send, &t);
      auto d = pool.submit([&t] { t.receive_rest(); });
      seam::thread const closes([&] {
        for (auto* f : {&b, &c}) went_on(*f);
        t.c.close();
      });
      t.receive_rest();
      for (auto* f : {&a, &d}) went_on(*f);
      EXPECT_EQ(t.sent.load(seam::relaxed), t.received.load(seam::relaxed));
    });
  }
}
