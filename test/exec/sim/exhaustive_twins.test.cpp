// SPDX-License-Identifier: Apache-2.0
// Known mistakes and their mended twins, explored to the end: the mended are proven, and leaving
// out what is equivalent loses nothing.
//
// The programs are written anew after the ideas of SCTBench.
#include <array>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <quartet/seam/atomic.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/thread.hpp>

#include "exec/sim/explore.hpp"

using namespace quartet;
using namespace quartet::test;
using seam::acq_rel;
using seam::acquire;
using seam::relaxed;
using seam::release;
using seam::seq_cst;

namespace {

/// Two threads that count, each so often.
program counting(bool mended, int times) {
  return [=](runner r) {
    seam::atomic<int> n{0};
    outline const o = r.run([&] {
      auto const count = [&] {
        for (int i = 0; i != times; ++i)
          if (mended)
            n.fetch_add(1, relaxed);
          else
            n.store(n.load(relaxed) + 1, relaxed);
      };
      seam::thread a(count), b(count);
    });
    return ending_of(o, {n.load(relaxed)});
  };
}

/// Each half of a withdrawal is locked, the whole is not.
program account(bool mended) {
  return [=](runner r) {
    seam::mutex m;
    int balance = 100;
    outline const o = r.run([&] {
      auto const withdraw = [&] {
        m.lock();
        bool const covered = balance >= 100;
        if (!mended) m.unlock();
        if (!mended) m.lock();
        if (covered) balance -= 100;
        m.unlock();
      };
      seam::thread a(withdraw), b(withdraw);
    });
    return ending_of(o, {balance});
  };
}

/// The second datum is brought up to date in a critical section of its own.
program two_stage(bool mended) {
  return [=](runner r) {
    seam::mutex first, second;
    int one = 0, two = 0, seen_one = -1, seen_two = -1;
    outline const o = r.run([&] {
      seam::thread writes([&] {
        first.lock();
        one = 1;
        if (!mended) first.unlock();
        second.lock();
        two = one + 1;
        second.unlock();
        if (mended) first.unlock();
      });
      seam::thread reads([&] {
        first.lock();
        seen_one = one;
        if (!mended) first.unlock();
        if (seen_one != 0) {
          second.lock();
          seen_two = two;
          second.unlock();
        }
        if (mended) first.unlock();
      });
    });
    return ending_of(o, {seen_one, seen_two});
  };
}

/// Philosophers who all take the left fork first, or one of whom does not.
program philosophers(unsigned n, bool mended) {
  return [=](runner r) {
    std::vector<seam::mutex> forks(n);
    int meals = 0;
    outline const o = r.run([&] {
      std::vector<seam::thread> all;
      for (unsigned i = 0; i != n; ++i)
        all.emplace_back([&forks, &meals, i, n, mended] {
          unsigned left = i, right = (i + 1) % n;
          if (mended && right < left) std::swap(left, right);
          forks[left].lock();
          forks[right].lock();
          ++meals;
          forks[right].unlock();
          forks[left].unlock();
        });
    });
    return ending_of(o, {meals});
  };
}

/// A deque that its owner fills and empties at the bottom while a thief takes from the top, without
/// a lock until they meet at the last item. The broken owner does not look at the top again.
/// Source: D. Chase, Y. Lev, Dynamic Circular Work-Stealing Deque (SPAA 2005).
class small_deque {
 public:
  explicit small_deque(bool mended) : mended_(mended) {}
  void push(int x) {
    int const b = bottom_.load(relaxed);
    items_[static_cast<unsigned>(b)].store(x, relaxed);
    bottom_.store(b + 1, seq_cst);
  }
  int pop() {
    int const b = bottom_.load(relaxed) - 1;
    bottom_.store(b, seq_cst);
    int t = top_.load(seq_cst);
    if (t > b) return bottom_.store(b + 1, relaxed), 0;
    int const x = items_[static_cast<unsigned>(b)].load(relaxed);
    if (t < b || !mended_) return x;
    bool const mine = top_.compare_exchange(t, t + 1, seq_cst, relaxed);
    bottom_.store(b + 1, relaxed);
    return mine ? x : 0;
  }
  int steal() {
    int t = top_.load(seq_cst);
    if (t >= bottom_.load(seq_cst)) return 0;
    int const x = items_[static_cast<unsigned>(t)].load(relaxed);
    return top_.compare_exchange(t, t + 1, seq_cst, relaxed) ? x : 0;
  }

 private:
  bool const mended_;
  seam::atomic<int> top_{0}, bottom_{0};
  std::array<seam::atomic<int>, 4> items_{};
};

program stealing(int items, bool mended) {
  return [=](runner r) {
    small_deque d(mended);
    int first = 0, second = 0, stolen = 0;
    outline const o = r.run([&] {
      for (int i = 1; i <= items; ++i) d.push(i);
      seam::thread thief([&] { stolen = d.steal(); });
      seam::thread owner([&] {
        first = d.pop();
        if (items > 1) second = d.pop();
      });
    });
    return ending_of(o, {first, second, stolen});
  };
}

/// Setters write a, then b; the checker must not see a half pair.
program reorder(int setters, bool mended) {
  return [=](runner r) {
    seam::atomic<int> a{0}, b{0};
    seam::mutex m;
    int seen_a = 0, seen_b = 0;
    outline const o = r.run([&] {
      std::vector<seam::thread> all;
      for (int i = 0; i != setters; ++i)
        all.emplace_back([&] {
          if (mended) m.lock();
          a.store(1, release);
          b.store(-1, release);
          if (mended) m.unlock();
        });
      all.emplace_back([&] {
        if (mended) m.lock();
        seen_a = a.load(acquire);
        seen_b = b.load(acquire);
        if (mended) m.unlock();
      });
    });
    return ending_of(o, {seen_a, seen_b});
  };
}

/// A stack of indices without locks. The mended one counts its changes in the head's upper half.
class index_stack {
 public:
  explicit index_stack(bool mended) : change_(mended ? 1 << 8 : 0) {
    push(2);
    push(1);
  }
  void push(int i) {
    int h = head_.load(relaxed);
    do next_[static_cast<unsigned>(i)].store(h & 0xFF, relaxed);
    while (!head_.compare_exchange(h, (h & ~0xFF) + change_ + i, acq_rel, relaxed));
  }
  int pop() {
    int h = head_.load(acquire);
    for (;;) {
      int const i = h & 0xFF;
      if (i == 0) return 0;
      int const after = next_[static_cast<unsigned>(i)].load(relaxed);
      if (head_.compare_exchange(h, (h & ~0xFF) + change_ + after, acq_rel, acquire)) return i;
    }
  }
  int top() const { return head_.load(relaxed) & 0xFF; }

 private:
  int const change_;
  seam::atomic<int> head_{0};
  std::array<seam::atomic<int>, 3> next_{};
};

program aba(int pops, bool mended) {
  return [=](runner r) {
    index_stack s(mended);
    int x = 0, first = 0, second = 0;
    outline const o = r.run([&] {
      seam::thread one([&] { x = s.pop(); });
      seam::thread other([&] {
        first = s.pop();
        if (pops > 1) second = s.pop();
        if (pops > 1 && first != 0) s.push(first);
      });
    });
    return ending_of(o, {x, first, second, s.top()});
  };
}

/// A program with a mistake and without it.
struct twins {
  std::string name;
  program broken, mended;
  std::set<std::string> outcomes;      // of the mended one
  std::string symptom;                 // one more, of the broken one
  program small_broken, small_mended;  // few enough schedules to run them all
};

std::vector<twins> const known{
    {"lost_update",
     counting(false, 1),
     counting(true, 1),
     {"ended 2"},
     "ended 1",
     counting(false, 2),
     counting(true, 2)},
    {"account",
     account(false),
     account(true),
     {"ended 0"},
     "ended -100",
     account(false),
     account(true)},
    {"two_stage",
     two_stage(false),
     two_stage(true),
     {"ended 0 -1", "ended 1 2"},
     "ended 1 0",
     two_stage(false),
     two_stage(true)},
    {"philosophers_3",
     philosophers(3, false),
     philosophers(3, true),
     {"ended 3"},
     "deadlock 0",
     philosophers(2, false),
     philosophers(3, true)},
    {"stealing",
     stealing(2, false),
     stealing(2, true),
     {"ended 2 0 1", "ended 2 1 0"},
     "ended 2 1 1",
     stealing(1, false),
     stealing(1, true)},
    {"reorder_3",
     reorder(3, false),
     reorder(3, true),
     {"ended 0 0", "ended 1 -1"},
     "ended 1 0",
     reorder(1, false),
     reorder(1, true)},
    {"aba",
     aba(2, false),
     aba(2, true),
     {"ended 0 1 2 1", "ended 1 1 2 0", "ended 1 2 0 2", "ended 2 1 0 1"},
     "ended 1 1 2 2",
     aba(1, false),
     aba(1, true)},
};

class known_twins : public testing::TestWithParam<twins> {};

}  // namespace

TEST_P(known_twins, the_mended_one_is_proven_within_a_thousand_runs) {
  findings const f = explore(GetParam().mended, {});
  EXPECT_EQ(f.covered, coverage::complete);
  EXPECT_LE(f.runs, 1'000U);
  EXPECT_LT(f.redundant, f.runs);
  EXPECT_EQ(f.states, GetParam().outcomes);
  RecordProperty("runs", std::to_string(f.runs));
}

TEST_P(known_twins, the_broken_one_shows_all_that_the_mended_one_does_and_its_mistake) {
  findings const f = explore(GetParam().broken, {});
  EXPECT_EQ(f.covered, coverage::complete);
  EXPECT_TRUE(f.states.contains(GetParam().symptom));
  EXPECT_FALSE(GetParam().outcomes.contains(GetParam().symptom));
  for (std::string const& s : GetParam().outcomes) EXPECT_TRUE(f.states.contains(s)) << s;
}

TEST_P(known_twins, sleep_sets_lose_no_outcome_of_all_schedules) {
  for (program const& p : {GetParam().small_broken, GetParam().small_mended}) {
    findings const all = explore(p, {.sleep_sets = false});
    findings const some = explore(p, {});
    EXPECT_EQ(all.covered, coverage::complete);
    EXPECT_EQ(all.redundant, 0U);
    EXPECT_EQ(some.covered, coverage::complete);
    EXPECT_EQ(some.states, all.states);
    EXPECT_EQ(some.classes, all.classes);
    EXPECT_EQ(some.classes.size(), some.runs - some.redundant);  // each class once
    EXPECT_LT(10 * some.runs, all.runs);
  }
}

INSTANTIATE_TEST_SUITE_P(exhaustive, known_twins, testing::ValuesIn(known),
                         [](auto const& each) { return each.param.name; });
