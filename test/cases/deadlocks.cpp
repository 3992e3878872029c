// SPDX-License-Identifier: Apache-2.0
// Threads that wait for each other's locks.
#define QUARTET_CHECK 1
#include <utility>

#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>

#include "cases/case.hpp"
#include "cases/threads.hpp"

namespace quartet::cases {

namespace {

template <version v> void opposite_order() {
  seam::mutex a, b;
  shared<int> n{0};
  auto const both = [&](seam::mutex& first, seam::mutex& second) {
    seam::guard const one(first), two(second);
    ++n;
  };
  together([&] { both(a, b); }, [&] { v == mended ? both(a, b) : both(b, a); });
}

/// The first of a group that comes in takes the room, the last one out gives it back. With one
/// lock for the counts of both groups, who waits for the room keeps the others from leaving it.
template <version v> void first_in_last_out() {
  struct group {
    explicit group(seam::mutex& m) : guard(m) {}
    seam::mutex& guard;
    shared<int> inside{0};
  };
  seam::mutex room, one, two;
  group a(one), b(v == mended ? two : one);
  shared<int> used_by{0};  // one group at a time
  auto const visit = [&](group& g) {
    g.guard.lock();
    if (++g.inside == 1) room.lock();
    g.guard.unlock();
    static_cast<void>(used_by.read());
    g.guard.lock();
    if (--g.inside == 0) room.unlock();
    g.guard.unlock();
  };
  together([&] { visit(a); }, [&] { visit(b); }, [&] { visit(a); }, [&] { visit(b); });
}

/// All take the left fork first; in the mended form one of them does not.
template <version v, int n> void philosophers() {
  std::array<seam::mutex, n> forks;
  crowd(n, [&](int i) {
    auto left = static_cast<std::size_t>(i), right = static_cast<std::size_t>((i + 1) % n);
    if (v == mended && right < left) std::swap(left, right);
    seam::guard const one(forks[left]), two(forks[right]);
  });
}

}  // namespace

std::vector<sim_case> deadlock_cases() {
  return {
      {3, "opposite_order", "two locks in opposite order (SCTBench deadlock01)",  //
       opposite_order<broken>, opposite_order<mended>, verdict::deadlock, 50},
      {4, "first_in_last_out", "a second lock taken conditionally inside (SCTBench carter01)",
       first_in_last_out<broken>, first_in_last_out<mended>, verdict::deadlock, 50},
      {24, "philosophers_3", "a cycle of three",  //
       philosophers<broken, 3>, philosophers<mended, 3>, verdict::deadlock, 50},
      {24, "philosophers_5", "a cycle of five",  //
       philosophers<broken, 5>, philosophers<mended, 5>, verdict::deadlock, 50},
      {24, "philosophers_8", "a cycle of eight",  //
       philosophers<broken, 8>, philosophers<mended, 8>, verdict::deadlock, 300},
  };
}

}  // namespace quartet::cases
