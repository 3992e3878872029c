// SPDX-License-Identifier: Apache-2.0
// A quicksort whose workers count how many of them are busy, to know the end.
#define QUARTET_CHECK 1
#include <array>
#include <utility>

#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>

#include "cases/case.hpp"
#include "cases/threads.hpp"

namespace quartet::cases {

namespace {

struct segment {
  std::size_t from, to;
  std::size_t size() const { return to - from; }
};

template <version v> struct sorter {
  std::array<shared<int>, 8> data{5, 2, 7, 6, 1, 4, 8, 3};  // each segment is one worker's
  seam::mutex m;                                            // guards the fields below
  seam::condition changed;
  shared<std::vector<segment>> waiting{std::vector<segment>{{0, 8}}};
  shared<int> busy{0};
  shared<bool> over{false};

  /// A segment, or one of no size at the end. Broken: who has taken one is counted a bit later;
  /// meanwhile the last of the others may find that there is nothing to be done any more.
  segment take() {
    m.lock();
    while (waiting.read().empty() && !over) changed.wait(m);
    bool const got = !over;
    segment const s = got ? waiting.read().back() : segment{0, 0};
    if (got) waiting.write().pop_back();
    if (v == broken) m.unlock();
    if (v == broken) m.lock();
    if (got) ++busy;
    m.unlock();
    return s;
  }
  void give(segment s) {
    seam::guard const g(m);
    waiting.write().push_back(s);
    changed.notify_one();
  }
  void rest() {
    seam::guard const g(m);
    --busy;
    if (busy != 0 || !waiting.read().empty()) return;
    over = true;
    changed.notify_all();
  }
  void work() {
    for (segment s = take(); s.size() != 0; s = take()) {
      while (s.size() > 1) s = split(s);
      rest();
    }
  }
  /// Gives the upper part away; the lower one is left.
  segment split(segment s) {
    std::size_t middle = s.from;
    for (std::size_t i = s.from + 1; i != s.to; ++i)
      if (data[i] < data[s.from]) swap(++middle, i);
    swap(s.from, middle);
    if (s.to - middle > 2) give({middle + 1, s.to});
    return {s.from, middle};
  }
  void swap(std::size_t a, std::size_t b) {
    int const x = data[a];
    data[a] = data[b].read();
    data[b] = x;
  }
};

template <version v> void quicksort() {
  sorter<v> s;
  crowd(3, [&](int) { s.work(); });
  for (std::size_t i = 1; i != s.data.size(); ++i) check(s.data[i - 1] < s.data[i], "it is sorted");
}

}  // namespace

std::vector<sim_case> sort_cases() {
  return {
      {18, "quicksort", "taken work that is not counted yet (SCTBench qsort_mt)",  //
       quicksort<broken>, quicksort<mended>, verdict::check, 3004},
  };
}

}  // namespace quartet::cases
