// SPDX-License-Identifier: Apache-2.0
// Threads that rely on who comes first.
#define QUARTET_CHECK 1
#include <quartet/seam/futex.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>

#include "cases/case.hpp"
#include "cases/threads.hpp"

namespace quartet::cases {

namespace {

/// A value goes round if the three copies happen in one of their six orders.
template <version v> void token_ring() {
  seam::mutex m;
  seam::condition turned;
  shared<int> x1{1}, x2{2}, x3{3}, copied{0};
  auto const copy = [&](int turn, shared<int>& to, shared<int> const& from) {
    seam::guard const g(m);
    while (v == mended && copied != turn) turned.wait(m);
    to = from.read();
    ++copied;
    if (v == mended) turned.notify_all();
  };
  together([&] { copy(0, x1, x3); }, [&] { copy(1, x2, x1); }, [&] { copy(2, x3, x2); },
           [&] {
             seam::guard const g(m);
             if (copied == 3) check(x1 == x2 && x2 == x3, "all have the same");
           });
}

/// A driver that is stopped while requests come in: whoever is inside is counted, and when nobody
/// is any more, it has stopped.
template <version v> struct driver {
  seam::atomic<int> inside{1};  // 1 for not having been asked to stop
  seam::atomic<bool> stopping{false}, has_stopped{false};
  seam::futex_word empty{0};

  bool enter() {
    if (v == broken && stopping.load(seam::seq_cst)) return false;
    inside.fetch_add(1, seam::seq_cst);
    if (v == broken || !stopping.load(seam::seq_cst)) return true;
    leave();
    return false;
  }
  void leave() {
    if (inside.fetch_sub(1, seam::seq_cst) != 1) return;
    empty.store(1, seam::release);
    seam::futex_wake(empty, 1);
  }
  void stop() {
    stopping.store(true, seam::seq_cst);
    leave();
    while (empty.load(seam::acquire) == 0) seam::futex_wait(empty, 0);
    has_stopped.store(true, seam::seq_cst);
  }
};

template <version v> void bluetooth() {
  driver<v> d;
  together([&] { d.stop(); },
           [&] {
             if (!d.enter()) return;
             check(!d.has_stopped.load(seam::seq_cst), "nobody is inside when it has stopped");
             d.leave();
           });
}

/// A reader of two numbers that a writer changes together, without a lock for the reader.
void seqlock_plain() {
  seam::atomic<int> version_number{0};
  shared<int> a{0}, b{0};
  together(
      [&] {
        version_number.store(1, seam::seq_cst);
        a = 1;
        b = 1;
        version_number.store(2, seam::seq_cst);
      },
      [&] {
        int const before = version_number.load(seam::seq_cst);
        int const seen_a = a, seen_b = b;
        if (before % 2 != 0 || version_number.load(seam::seq_cst) != before) return;
        check(seen_a == seen_b, "both belong together");
      });
}

/// The same with data that are atomic, and ordered by fences.
template <version v> void seqlock() {
  seam::atomic<int> version_number{0}, a{0}, b{0};
  auto const write = [&](int x) {
    version_number.store(2 * x - 1, seam::relaxed);
    seam::fence();
    a.store(x, seam::relaxed);
    b.store(x, seam::relaxed);
    version_number.store(2 * x, seam::release);
  };
  together([&] { write(1), write(2); },
           [&] {
             int const before = version_number.load(seam::acquire);
             int const seen_a = a.load(seam::relaxed), seen_b = b.load(seam::relaxed);
             seam::fence();
             bool const same = version_number.load(seam::relaxed) == before;
             if (v == broken ? same : same && before % 2 == 0)
               check(seen_a == seen_b, "both belong together");
           });
}

}  // namespace

std::vector<sim_case> order_cases() {
  return {
      {5, "token_ring", "three copies that need one order (SCTBench token_ring)",
       token_ring<broken>, token_ring<mended>, verdict::check, 50},
      {7, "bluetooth", "a flag looked at before the count is raised (SCTBench bluetooth_driver)",
       bluetooth<broken>, bluetooth<mended>, verdict::check, 50},
      {31,
       "seqlock_plain",
       "torn reads of plain data, thrown away afterwards",
       seqlock_plain,
       seqlock<mended>,
       {verdict::race, verdict::check}},
      {31, "seqlock_odd", "a version that is odd while a write goes on is taken for a whole one",
       seqlock<broken>, seqlock<mended>, verdict::check},
  };
}

}  // namespace quartet::cases
