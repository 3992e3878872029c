// SPDX-License-Identifier: Apache-2.0
// The end of a channel: who may close it, how often, and what still comes out.
#include <quartet/sync/channel.hpp>
#include <quartet/sync/latch.hpp>

#include "cases/case.hpp"
#include "cases/threads.hpp"

namespace quartet::cases {

namespace {

/// Two producers. Broken: each closes the channel when it has no more, and the other one's send
/// throws. Mended: the last one does.
template <version v> void close_and_send() {
  channel<int> c(4);
  seam::atomic<int> producers{2};
  int sum = 0;
  auto const produce = [&] {
    c.blocking_send(1);
    c.blocking_send(1);
    bool const last = producers.fetch_sub(1, seam::acq_rel) == 1;
    if (v == broken || last) c.close();
  };
  together(produce, produce, [&] {
    while (auto const n = c.blocking_recv()) sum += *n;
  });
  check(sum == 4, "all arrive");
}

/// Two close at once. Broken: a channel that frees its buffer at each close that finds it open.
void two_closers() {
  block buffer;
  seam::atomic<bool> closed{false};
  auto const close = [&] {
    if (closed.load(seam::acquire)) return;
    closed.store(true, seam::release);
    buffer.free();
  };
  together(close, close);
}
void two_closers_of_a_channel() {
  channel<int> c(1);
  bool ended = false;
  auto const close = [&] { c.close(); };
  together(close, close, [&] { ended = !c.blocking_recv(); });
  check(ended && c.is_closed());
}

/// A receiver that asks whether the channel is closed, instead of whether it is closed and empty.
template <version v> void late_item() {
  channel<int> c(1);
  int got = 0;
  together(
      [&] {
        c.blocking_send(1);
        c.close();
      },
      [&] {
        if (v == mended) {
          while (c.blocking_recv()) ++got;
          return;
        }
        for (;;) {
          if (c.try_recv())
            ++got;
          else if (c.is_closed())
            return;
          seam::yield_thread();
        }
      });
  check(got == 1, "an item that was sent is received");
}

}  // namespace

std::vector<sim_case> channel_cases() {
  return {
      {38, "close_and_send", "closed by one producer while another one sends",  //
       close_and_send<broken>, close_and_send<mended>, verdict::exception},
      {38, "two_closers", "two find it open",  //
       two_closers, two_closers_of_a_channel, verdict::check},
      {38, "late_item", "an item sent between the last look and the end",  //
       late_item<broken>, late_item<mended>, verdict::check},
  };
}

}  // namespace quartet::cases
