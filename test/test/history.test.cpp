// SPDX-License-Identifier: Apache-2.0
// Histories: classic ones by hand, random ones against all permutations, objects under exploration.
#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <functional>
#include <gtest/gtest.h>
#include <numeric>
#include <optional>
#include <ostream>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <quartet/base/random.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/test/explore.hpp>
#include <quartet/test/history.hpp>

#include "support.hpp"

using namespace quartet;
using explore_test::contains;

namespace {

// Models, with their operations.

struct push {
  int x;
  friend std::ostream& operator<<(std::ostream& to, push p) { return to << "push " << p.x; }
};
struct pop {};

struct queue_model {
  std::deque<int> items;
  void apply(push p) { items.push_back(p.x); }
  std::optional<int> apply(pop) {
    if (items.empty()) return {};
    int const x = items.front();
    items.pop_front();
    return x;
  }
  bool operator==(queue_model const&) const = default;
};

struct stack_model {
  std::vector<int> items;
  void apply(push p) { items.push_back(p.x); }
  std::optional<int> apply(pop) {
    if (items.empty()) return {};
    int const x = items.back();
    items.pop_back();
    return x;
  }
  bool operator==(stack_model const&) const = default;
};

struct put {
  int x;
};
struct get {};
struct register_model {
  int now = 0;
  void apply(put w) { now = w.x; }
  int apply(get) const { return now; }
  bool operator==(register_model const&) const = default;
};

struct add {
  int x;
};
struct take_out {
  int x;
};
struct set_model {
  std::set<int> items;
  bool apply(add a) { return items.insert(a.x).second; }
  bool apply(take_out r) { return items.erase(r.x) == 1; }
  bool operator==(set_model const&) const = default;
};

}  // namespace

template <> struct std::hash<queue_model> {
  std::size_t operator()(queue_model const& m) const {
    std::size_t h = 0;
    for (int const x : m.items) h = mix64(h ^ static_cast<unsigned>(x));
    return h;
  }
};
template <> struct std::hash<register_model> {
  std::size_t operator()(register_model const& m) const { return std::hash<int>()(m.now); }
};

namespace {

using queue_history = history<queue_model>;
using register_history = history<register_model>;

template <class H> bool explained(H const& h) { return h.unexplained().empty(); }

}  // namespace

// By hand: what overlaps may come in either order (Herlihy and Wing, figure 1).

TEST(history, an_empty_one_is_explained) { EXPECT_TRUE(explained(queue_history())); }

TEST(history, pushes_that_overlap_may_have_come_in_either_order) {
  for (bool const swapped : {false, true}) {
    queue_history h;
    auto const a = h.invoke(push{1});
    auto const b = h.invoke(push{2});
    b.returned();
    a.returned();
    h.invoke(pop()).returned(swapped ? 2 : 1);
    h.invoke(pop()).returned(swapped ? 1 : 2);
    EXPECT_TRUE(explained(h)) << h.unexplained();
  }
}

TEST(history, pushes_one_after_the_other_keep_their_order) {
  queue_history h;
  h.invoke(push{1}).returned();
  h.invoke(push{2}).returned();
  h.invoke(pop()).returned(2);
  EXPECT_FALSE(explained(h));
}

TEST(history, nothing_comes_out_twice) {
  queue_history h;
  h.invoke(push{1}).returned();
  auto const a = h.invoke(pop());
  auto const b = h.invoke(pop());
  a.returned(1);
  b.returned(1);
  EXPECT_FALSE(explained(h));
}

// Lamport: each register alone and each thread alone looks right.
TEST(history, what_is_only_sequentially_consistent_is_refused) {
  register_history h;
  h.invoke(put{7}).returned();
  h.invoke(put{-3}).returned();
  h.invoke(get()).returned(7);
  EXPECT_FALSE(explained(h));
}

TEST(history, a_new_value_once_seen_is_not_followed_by_the_old_one) {
  for (bool const back : {false, true}) {
    register_history h;
    auto const w = h.invoke(put{1});
    h.invoke(get()).returned(1);
    h.invoke(get()).returned(back ? 0 : 1);
    w.returned();
    EXPECT_EQ(explained(h), !back);
  }
}

TEST(history, an_operation_that_never_returned_may_have_taken_effect_or_not) {
  for (int const seen : {0, 1}) {
    register_history h;
    static_cast<void>(h.invoke(put{1}));
    h.invoke(get()).returned(seen);
    EXPECT_TRUE(explained(h));
    h.invoke(get()).returned(1);
    EXPECT_TRUE(explained(h));
    h.invoke(get()).returned(0);
    EXPECT_FALSE(explained(h)) << "it took effect before";
  }
}

TEST(history, an_operation_out_of_which_an_exception_came_has_not_returned) {
  register_history h;
  EXPECT_THROW(h.call(put{1}, [] { throw std::runtime_error("no"); }), std::runtime_error);
  h.invoke(get()).returned(1);
  EXPECT_TRUE(explained(h));
}

TEST(history, a_result_that_nobody_looks_at_may_be_any) {
  queue_history h;
  h.invoke(push{1}).returned();
  h.invoke(pop()).returned();
  h.invoke(pop()).returned(std::nullopt);
  EXPECT_TRUE(explained(h));
}

TEST(history, it_begins_with_the_state_that_it_is_given) {
  register_history h(register_model{5});
  h.invoke(get()).returned(5);
  EXPECT_TRUE(explained(h));
}

TEST(history, call_passes_on_what_the_operation_returns) {
  queue_history h;
  h.call(push{1}, [] {});
  EXPECT_EQ(h.call(pop(), [] { return std::optional(1); }), 1);
  h.check();
}

TEST(history, the_message_shows_the_shortest_beginning_that_nothing_explains) {
  queue_history h;
  h.invoke(push{1}).returned();
  auto const second = h.invoke(push{2});
  seam::thread([&] { h.invoke(pop()).returned(2); }).join();
  second.returned();
  h.invoke(push{3}).returned();
  EXPECT_EQ(h.unexplained(),
            "a history that no order explains\n"
            "   one thread:\n"
            "      [1, 2]     push 1\n"
            "      [3, ...]   push 2\n"
            "   one thread:\n"
            "      [4, 5]     pop gives 2\n"
            "   without the return at 5 it could have been: push 1");
  EXPECT_DEATH(h.check(), "a history that no order explains(.|\n)*history.test.cpp");
}

TEST(history, one_that_is_too_long_is_refused_in_words) {
  register_history h;
  for (int i = 0; i != 64; ++i) h.invoke(put{i}).returned();
  EXPECT_TRUE(explained(h)) << h.unexplained();
  h.invoke(put{64}).returned();
  EXPECT_TRUE(contains(h.unexplained(), "65 operations, more than the 64")) << h.unexplained();
}

TEST(history, one_with_too_many_orders_is_refused_in_words) {
  queue_history h;
  std::vector<queue_history::invocation<push>> all;
  for (int i = 0; i != 24; ++i) all.push_back(h.invoke(push{i}));
  for (auto const& each : all) each.returned();
  h.invoke(pop()).returned(99);
  EXPECT_TRUE(contains(h.unexplained(), "more orders than can be tried")) << h.unexplained();
}

// Random histories of a few operations, against all permutations.

namespace {

struct happened {
  bool writes;
  int value;  // written, or read
  int begin, end;
  bool returned;
};

// Whether some order of those that returned, and of any of the others, gives what was read.
bool some_permutation_explains(std::vector<happened> const& all) {
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  do
    for (unsigned left_out = 0; left_out != 1U << all.size(); ++left_out) {
      int now = 0;
      bool good = true;
      for (std::size_t i = 0; i != order.size() && good; ++i) {
        happened const& o = all[order[i]];
        if ((left_out >> order[i] & 1U) != 0) {
          good = !o.returned;
          continue;
        }
        for (std::size_t k = i + 1; k != order.size(); ++k)
          if ((left_out >> order[k] & 1U) == 0)
            good = good && !(all[order[k]].returned && all[order[k]].end < o.begin);
        if (o.writes)
          now = o.value;
        else if (o.returned)
          good = good && now == o.value;
      }
      if (good) return true;
    }
  while (std::ranges::next_permutation(order).found);
  return false;
}

// Begins and ends, mixed; about one in eight operations does not return.
std::vector<happened> random_history(random_stream& r, int n) {
  std::vector<happened> all;
  std::vector<std::size_t> open;
  for (int at = 1; static_cast<int>(all.size()) < n || !open.empty(); ++at) {
    if (static_cast<int>(all.size()) < n && (open.empty() || r.below(2) == 0)) {
      open.push_back(all.size());
      bool const writes = r.below(2) == 0;
      all.push_back({writes, static_cast<int>(r.below(3)), at, 1000, r.below(8) != 0});
      continue;
    }
    std::size_t const i = r.below(open.size());
    if (all[open[i]].returned) all[open[i]].end = at;
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return all;
}

bool history_explains(std::vector<happened> const& all) {
  register_history h;
  std::vector<std::optional<register_history::invocation<put>>> puts(all.size());
  std::vector<std::optional<register_history::invocation<get>>> gets(all.size());
  for (int at = 1; at != 1000; ++at)
    for (std::size_t i = 0; i != all.size(); ++i) {
      happened const& o = all[i];
      if (o.begin == at && o.writes) puts[i] = h.invoke(put{o.value});
      if (o.begin == at && !o.writes) gets[i] = h.invoke(get());
      if (o.end != at) continue;
      if (o.writes)
        puts[i]->returned();
      else
        gets[i]->returned(o.value);
    }
  return explained(h);
}

}  // namespace

TEST(history, random_ones_are_explained_if_and_only_if_some_permutation_does) {
  random_stream r(7);
  int yes = 0;
  constexpr int tries = 1500;
  for (int i = 0; i != tries; ++i) {
    auto const all = random_history(r, 2 + static_cast<int>(r.below(4)));
    bool const good = some_permutation_explains(all);
    ASSERT_EQ(history_explains(all), good) << "history " << i;
    yes += good ? 1 : 0;
  }
  EXPECT_GT(yes, tries / 10);
  EXPECT_LT(yes, tries * 9 / 10);
}

// Objects under exploration: a right one is silent, a wrong one is found.

namespace {

// Behind one lock, or with a gap in it.
template <class Model> class locked {
 public:
  explicit locked(bool gap) : gap_(gap) {}
  void apply(push p) {
    seam::guard const g(m_);
    inside_.apply(p);
  }
  std::optional<int> apply(pop o) {
    m_.lock();
    Model seen = inside_;
    if (gap_) {
      m_.unlock();
      m_.lock();
    }
    auto const r = seen.apply(o);
    if (r) std::erase(inside_.items, *r);
    m_.unlock();
    return r;
  }

 private:
  bool const gap_;
  seam::mutex m_;
  Model inside_;
};

template <class Model> void pushes_and_pops(bool gap) {
  locked<Model> object(gap);
  history<Model> h;
  {
    auto const work = [&](int x) {
      h.call(push{x}, [&] { object.apply(push{x}); });
      h.call(pop(), [&] { return object.apply(pop()); });
    };
    seam::thread a([&] { work(1); }), b([&] { work(2); });
  }
  h.check();
}

// Two threads change it at once, if looking and doing are two steps.
void adds_and_takes_out(bool in_two_steps) {
  seam::atomic<unsigned> bits{0};
  history<set_model> h;
  auto const change = [&](int x, bool there) {
    unsigned const bit = 1U << static_cast<unsigned>(x);
    if (!in_two_steps) {
      unsigned const before =
          there ? bits.fetch_or(bit, seam::acq_rel) : bits.fetch_and(~bit, seam::acq_rel);
      return ((before & bit) != 0) != there;
    }
    unsigned const seen = bits.load(seam::acquire);
    if (((seen & bit) != 0) == there) return false;
    bits.store(there ? seen | bit : seen & ~bit, seam::release);
    return true;
  };
  {
    auto const work = [&] {
      h.call(add{1}, [&] { return change(1, true); });
      h.call(take_out{1}, [&] { return change(1, false); });
    };
    seam::thread a(work), b(work);
  }
  h.check();
}

// A reader that keeps what it saw first.
void reads_and_writes(bool stale) {
  seam::atomic<int> cell{0};
  history<register_model> h;
  {
    seam::thread writer([&] { h.call(put{1}, [&] { cell.store(1, seam::release); }); });
    seam::thread reader([&] {
      int first = -1;
      for (int i = 0; i != 2; ++i)
        h.call(get(), [&] {
          int const now = cell.load(seam::acquire);
          if (first < 0) first = now;
          return stale ? first : now;
        });
    });
  }
  h.check();
}

template <class F> void expect_silent(F body) {
  explore_report const r = explore({.schedules = 300}, body);
  EXPECT_TRUE(r.passed()) << r.text();
}
template <class F> std::string expect_found(F body) {
  explore_report const r = explore({.schedules = 3000}, body);
  if (!r.failure) {
    ADD_FAILURE() << r.text();
    return "";
  }
  EXPECT_EQ(r.failure->kind, "a check failed");
  EXPECT_TRUE(contains(r.failure->what, "a history that no order explains")) << r.failure->what;
  EXPECT_LE(r.failure->switches, 3U);
  return r.failure->what;
}

}  // namespace

TEST(history, a_queue_that_looks_and_takes_in_two_steps) {
  expect_silent([] { pushes_and_pops<queue_model>(false); });
  std::string const what = expect_found([] { pushes_and_pops<queue_model>(true); });
  EXPECT_TRUE(contains(what, "pop gives 1")) << what;
  EXPECT_TRUE(contains(what, "push 1")) << what;
}

TEST(history, a_stack_that_looks_and_takes_in_two_steps) {
  expect_silent([] { pushes_and_pops<stack_model>(false); });
  expect_found([] { pushes_and_pops<stack_model>(true); });
}

TEST(history, a_set_that_looks_and_changes_in_two_steps) {
  expect_silent([] { adds_and_takes_out(false); });
  expect_found([] { adds_and_takes_out(true); });
}

TEST(history, a_register_whose_reader_remembers_too_long) {
  expect_silent([] { reads_and_writes(false); });
  expect_found([] { reads_and_writes(true); });
}

// On threads of the machine, too.

TEST(history, real_threads_record_as_well) {
  for (int round = 0; round != 20; ++round) {
    locked<queue_model> object(false);
    queue_history h;
    {
      auto const work = [&](int x) {
        for (int i = 0; i != 5; ++i) {
          h.call(push{x + i}, [&] { object.apply(push{x + i}); });
          h.call(pop(), [&] { return object.apply(pop()); });
        }
      };
      seam::thread a([&] { work(0); }), b([&] { work(10); }), c([&] { work(20); });
    }
    h.check();
  }
}

namespace {

// Four threads with five operations each, whose steps (begin, do, end) mix at random.
struct mixed_threads {
  explicit mixed_threads(random_stream r) : random(r) {}
  void run() {
    for (int left = 4 * 5 * 3; left != 0;) {
      auto const t = static_cast<std::size_t>(random.below(4));
      if (steps[t] == 5 * 3) continue;
      (this->*std::array{&mixed_threads::begin, &mixed_threads::act, &mixed_threads::end}.at(
                  static_cast<std::size_t>(steps[t]++ % 3)))(t);
      --left;
    }
  }
  void begin(std::size_t t) {
    pushes[t].reset();
    if (random.below(2) == 0)
      pushes[t] = h.invoke(push{pushing[t] = ++pushed});
    else
      pops[t] = h.invoke(pop());
  }
  void act(std::size_t t) {
    if (pushes[t])
      object.apply(push{pushing[t]});
    else
      got[t] = object.apply(pop());
  }
  void end(std::size_t t) {
    if (pushes[t])
      pushes[t]->returned();
    else
      pops[t]->returned(got[t]);
  }

  random_stream random;
  queue_model object;
  queue_history h;
  int pushed = 0;
  std::array<int, 4> steps{};
  std::array<int, 4> pushing{};
  std::array<std::optional<queue_history::invocation<push>>, 4> pushes;
  std::array<std::optional<queue_history::invocation<pop>>, 4> pops;
  std::array<std::optional<int>, 4> got;
};

double microseconds(queue_history const& h, bool good) {
  time_point const began = clock::now();
  EXPECT_EQ(explained(h), good);
  return std::chrono::duration<double, std::micro>(clock::now() - began).count();
}

}  // namespace

TEST(history, twenty_operations_of_four_threads_are_checked_fast) {
  std::vector<double> good, bad;
  for (std::uint64_t round = 0; round != 50; ++round) {
    mixed_threads threads{random_stream(round)};
    threads.run();
    good.push_back(microseconds(threads.h, true));
    threads.h.invoke(pop()).returned(-1);
    bad.push_back(microseconds(threads.h, false));
  }
  for (auto* const us : {&good, &bad}) {
    std::ranges::sort(*us);
    std::printf("20 operations of 4 threads, %s: %.0f us median, %.0f us at most\n",
                us == &good ? "explained" : "not", (*us)[us->size() / 2], us->back());
  }
}
