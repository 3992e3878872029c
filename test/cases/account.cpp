// SPDX-License-Identifier: Apache-2.0
// Sums and counters: properly locked, but not for long enough; or not locked at all.
#define QUARTET_CHECK 1
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>

#include "cases/case.hpp"
#include "cases/threads.hpp"

namespace quartet::cases {

namespace {

/// The auditor forgets what was paid in; it matters only once both others are done.
template <version v> void account() {
  seam::mutex m;
  shared<int> balance{100}, done{0};
  auto const book = [&](int amount) {
    seam::guard const g(m);
    balance += amount;
    ++done;
  };
  together([&] { book(+30); }, [&] { book(-20); },
           [&] {
             seam::guard const g(m);
             if (done == 2) check(balance == (v == mended ? 110 : 80), "the balance is right");
           });
}

/// The inspector believes to come before one of the adders.
template <version v> void lazy() {
  seam::mutex m;
  shared<int> level{0};
  auto const add = [&](int n) {
    seam::guard const g(m);
    level += n;
  };
  together([&] { add(1); }, [&] { add(2); },
           [&] {
             seam::guard const g(m);
             check(level < (v == mended ? 4 : 3), "the level stays below the mark");
           });
}

/// Each writer has a lock, but not the same one as the others.
template <version v, int writers> void wrong_lock() {
  seam::mutex right, wrong;
  shared<int> datum{0};
  auto const raise = [&](seam::mutex& m) {
    seam::guard const g(m);
    int const before = datum;
    ++datum;
    check(datum == before + 1, "nobody else writes");
  };
  crowd(writers + 1, [&](int i) { raise(v == broken && i == 0 ? wrong : right); });
}

/// Two workers report progress on a plain counter.
template <version v> void lost_update() {
  seam::mutex m;
  shared<int> progress{0};
  crowd(2, [&](int) {
    if (v == mended) m.lock();
    ++progress;
    if (v == mended) m.unlock();
  });
  check(progress == 2, "each step counts");
}

/// The same with atomic steps, so that only the sum is wrong.
template <version v> void lost_update_by_load_and_store() {
  seam::atomic<int> progress{0};
  crowd(2, [&](int) {
    if (v == mended)
      progress.fetch_add(1, seam::relaxed);
    else
      progress.store(progress.load(seam::relaxed) + 1, seam::relaxed);
  });
  check(progress.load(seam::relaxed) == 2, "each step counts");
}

/// There was something left when it was asked for.
template <version v> void check_then_act() {
  seam::mutex m;
  shared<std::vector<int>> items(std::vector<int>{1});
  crowd(2, [&](int) {
    m.lock();
    bool const some = !items.read().empty();
    if (v == broken) m.unlock();
    if (v == broken) m.lock();
    if (some) check(!items.read().empty(), "what was seen is still there");
    if (some) items.write().pop_back();
    m.unlock();
  });
}

}  // namespace

std::vector<sim_case> account_cases() {
  return {
      {1, "account", "a wrong expectation once both are done (SCTBench account)",  //
       account<broken>, account<mended>, verdict::check, 50},
      {2, "lazy", "the checker must not run after both adders (SCTBench lazy01)",  //
       lazy<broken>, lazy<mended>, verdict::check, 50},
      {9,
       "wrong_lock",
       "one datum under two locks (SCTBench wronglock)",  //
       wrong_lock<broken, 1>,
       wrong_lock<mended, 1>,
       {verdict::race, verdict::check},
       50},
      {9,
       "wrong_lock_3",
       "the same with three under the right one",  //
       wrong_lock<broken, 3>,
       wrong_lock<mended, 3>,
       {verdict::race, verdict::check},
       50},
      {22,
       "lost_update",
       "a plain counter",  //
       lost_update<broken>,
       lost_update<mended>,
       {verdict::race, verdict::check}},
      {22, "lost_update_by_load_and_store", "a counter that is raised in two steps",
       lost_update_by_load_and_store<broken>, lost_update_by_load_and_store<mended>,
       verdict::check},
      {23, "check_then_act", "a size looked at under one lock scope and used under another",
       check_then_act<broken>, check_then_act<mended>, verdict::check},
  };
}

}  // namespace quartet::cases
