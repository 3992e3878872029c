// SPDX-License-Identifier: Apache-2.0
// Stacks, rings and buffers whose every access is locked.
#define QUARTET_CHECK 1
#include <array>

#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>

#include "cases/case.hpp"
#include "cases/threads.hpp"

namespace quartet::cases {

namespace {

/// A flag that was set once is taken to mean that there is something.
template <version v> void flagged_stack() {
  seam::mutex m;
  shared<int> size{0};
  shared<bool> filled{false};
  together(
      [&] {
        for (int i = 0; i != 3; ++i) {
          seam::guard const g(m);
          ++size;
          filled = true;
        }
      },
      [&] {
        for (int i = 0; i != 3; ++i) {
          seam::guard const g(m);
          if (v == mended ? size == 0 : !filled) continue;
          --size;
          check(size >= 0, "nothing is taken from an empty stack");
        }
      });
}

/// Producer and consumer pass batches, each when its flag says so. The consumer begins every batch
/// at the first slot, though the producer goes on behind the last one.
template <version v> void circular_buffer() {
  constexpr std::size_t slots = 5, batch = 3;
  seam::mutex m;
  std::array<shared<int>, slots> ring;
  shared<std::size_t> first{0}, next{0};
  shared<bool> may_send{true};
  auto const advance = [](shared<std::size_t>& i) { i = (i + 1) % slots; };
  together(
      [&] {
        for (int round = 0; round != 2; ++round) {
          seam::guard const g(m);
          if (!may_send) continue;
          for (std::size_t i = 0; i != batch; ++i, advance(next)) ring[next] = static_cast<int>(i);
          may_send = false;
        }
      },
      [&] {
        for (int round = 0; round != 2; ++round) {
          seam::guard const g(m);
          if (may_send) continue;
          if (v == broken) first = std::size_t{0};
          for (std::size_t i = 0; i != batch; ++i, advance(first))
            check(ring[first] == static_cast<int>(i), "a batch arrives as it was sent");
          may_send = true;
        }
      });
}

/// A text to which another is appended: its length is asked, then so much is copied.
template <version v> void string_buffer() {
  seam::mutex own, others;
  shared<std::size_t> length{0}, others_length{10};
  auto const erase = [&] {
    seam::guard const g(others);
    others_length = std::size_t{0};
  };
  together(
      [&] {
        seam::guard const g(own);
        others.lock();
        std::size_t const n = others_length;
        if (v == broken) others.unlock();
        if (v == broken) others.lock();
        check(n <= others_length, "what is copied is there");
        others.unlock();
        length += n;
      },
      erase);
}

/// A buffer for one item, where all wait at one condition; a notification that is meant for a
/// producer may wake a consumer, which goes to sleep again.
template <version v> void bounded_buffer() {
  seam::mutex m;
  seam::condition changed;
  shared<int> size{0};
  auto const pass = [&](int from, int to) {
    seam::guard const g(m);
    while (size != from) changed.wait(m);
    size = to;
    v == mended ? changed.notify_all() : changed.notify_one();
  };
  auto const put = [&] { pass(0, 1); };
  auto const take = [&] { pass(1, 0); };
  together(take, take, put, put);
}

}  // namespace

std::vector<sim_case> buffer_cases() {
  return {
      {6, "flagged_stack", "a flag that was set once taken for not empty (SCTBench stack)",
       flagged_stack<broken>, flagged_stack<mended>, verdict::check, 50},
      {8, "circular_buffer", "an index begun anew on one side (SCTBench circular_buffer)",
       circular_buffer<broken>, circular_buffer<mended>, verdict::check, 50},
      {15, "string_buffer", "a length asked before the lock is given up (SCTBench stringbuffer)",
       string_buffer<broken>, string_buffer<mended>, verdict::check, 50},
      {16, "bounded_buffer", "a notification that wakes the wrong side (SCTBench boundedBuffer)",
       bounded_buffer<broken>, bounded_buffer<mended>, verdict::deadlock, 50},
  };
}

}  // namespace quartet::cases
