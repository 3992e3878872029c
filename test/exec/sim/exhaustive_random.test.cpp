// SPDX-License-Identifier: Apache-2.0
// Exhaustive exploration of programs that seeds make up: with sleep sets it finds what it finds
// without.
#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include <quartet/base/random.hpp>
#include <quartet/seam/check.hpp>
#include <quartet/seam/futex.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/thread.hpp>

#include "exec/sim/explore.hpp"

using namespace quartet;
using namespace quartet::test;
using seam::acq_rel;
using seam::acquire;
using seam::relaxed;
using seam::release;

namespace {

/// A step of a program that a seed makes up.
struct random_step {
  // those of a kind that fewer programs have stand last
  enum what {
    load,
    store,
    add,
    swap,
    cas,
    lock,
    unlock,
    try_lock,
    wait,
    wake,
    wake_all,
    yield,
    condition_wait,
    notify,
    notify_all,
    fail,
    end
  };
  what does;
  unsigned object;
  unsigned value;
};

/// Threads of random steps on two words, two mutexes and a condition. What they see is theirs.
class random_program {
 public:
  /// `steps[n]`: the most that each of n threads has.
  random_program(std::uint64_t seed, std::array<std::uint64_t, 4> const& steps) {
    random_stream from(mix64(seed));
    patient_ = from.below(4) == 0;
    gang_start_ = from.below(4) != 0;
    constexpr std::array<std::uint64_t, 4> kinds{random_step::wait, random_step::yield,
                                                 random_step::condition_wait, random_step::end};
    std::uint64_t const among = kinds[from.below(kinds.size())];
    threads_.resize(2 + from.below(2));
    for (script& t : threads_)
      for (std::uint64_t left = 1 + from.below(steps[threads_.size()]); left != 0; --left)
        t.push_back({static_cast<random_step::what>(from.below(among)),
                     from.below(3) == 0 ? 1U : 0U, 1 + static_cast<unsigned>(from.below(2))});
  }

  /// One run; how it ended, with all that was seen and is there in the end.
  ending operator()(runner r) const {
    state s;
    s.seen.resize(threads_.size());
    auto const body = [&] {
      std::vector<seam::thread> all;
      for (unsigned i = 1; i != threads_.size(); ++i)
        all.emplace_back([this, &s, i] { follow(s, threads_[i], s.seen[i]); });
      follow(s, threads_[0], s.seen[0]);
    };
    outline const o = r.run(body, gang_start_);
    ending e = ending_of(o, {s.words[0].load(relaxed), s.words[1].load(relaxed)});
    for (std::string const& each : s.seen)
      if (!e.stopped) e.state += " | " + each;
    return e;
  }

 private:
  using script = std::vector<random_step>;
  struct state {
    std::array<seam::futex_word, 2> words{};
    std::array<seam::mutex, 2> mutexes;
    seam::mutex of_condition;
    seam::condition condition;
    std::vector<std::string> seen;  // by each thread
  };

  void follow(state& s, script const& steps, std::string& seen) const {
    std::array<bool, 2> holds{};
    for (random_step const& each : steps) follow(s, each, holds[each.object], seen);
    for (unsigned i = 0; i != holds.size(); ++i)
      if (holds[i]) s.mutexes[i].unlock();
  }

  void follow(state& s, random_step const& p, bool& holds, std::string& seen) const {
    seam::futex_word& w = s.words[p.object];
    seam::mutex& m = s.mutexes[p.object];
    auto const note = [&](unsigned x) { seen += std::to_string(x) + ' '; };
    auto const until = [&] {
      return patient_ ? never : clock::now() + std::chrono::seconds(p.value);
    };
    switch (p.does) {
      case random_step::load:
        return note(w.load(acquire));
      case random_step::store:
        return w.store(p.value, release);
      case random_step::add:
        return note(w.fetch_add(p.value, acq_rel));
      case random_step::swap:
        return note(w.exchange(p.value, acq_rel));
      case random_step::cas: {
        std::uint32_t expected = p.value - 1;
        return note(w.compare_exchange(expected, p.value, acq_rel, relaxed) ? 9 : expected);
      }
      case random_step::lock:
        if (!holds) m.lock();
        holds = true;
        return;
      case random_step::unlock:
        if (holds) m.unlock();
        holds = false;
        return;
      case random_step::try_lock:
        if (!holds) note((holds = m.try_lock()) ? 1 : 0);
        return;
      case random_step::wait:
        return note(static_cast<unsigned>(seam::futex_wait(w, p.value - 1, until())));
      case random_step::wake:
      case random_step::wake_all:
        return seam::futex_wake(w, p.does == random_step::wake ? 1 : 1 << 30);
      case random_step::condition_wait: {
        seam::guard const g(s.of_condition);
        return note(static_cast<unsigned>(s.condition.wait(s.of_condition, until())));
      }
      case random_step::notify:
        return s.condition.notify_one();
      case random_step::notify_all:
        return s.condition.notify_all();
      case random_step::yield:
        return seam::yield_thread();
      case random_step::fail:
        return check(w.load(acquire) != p.value, "a word is not so", place::here());
      case random_step::end:
        return;
    }
  }

  std::vector<script> threads_;
  bool gang_start_;
  bool patient_;  // waits have no deadline
};

}  // namespace

// The seeds are some that notice each kind of dependence that is left out: of loads, exchanges,
// failed exchanges and try_locks, unlocks, waits, wake-ups, yields.
TEST(exhaustive, sleep_sets_lose_no_outcome_of_programs_that_seeds_make_up) {
  std::uint64_t compared = 0, all_runs = 0, some_runs = 0;
  for (std::uint64_t seed = 1301; seed <= 1800; ++seed) {
    random_program const p(seed, {0, 0, 4, 2});
    findings const all = explore(p, {.sleep_sets = false, .runs_max = 2'000}, 100);
    if (all.covered != coverage::complete) continue;
    findings const some = explore(p, {});
    ASSERT_EQ(some.covered, coverage::complete) << "seed " << seed;
    ASSERT_EQ(some.states, all.states) << "seed " << seed;
    ASSERT_EQ(some.classes, all.classes) << "seed " << seed;
    ++compared;
    all_runs += all.runs;
    some_runs += some.runs;
  }
  EXPECT_GT(compared, 400U);
  EXPECT_GT(all_runs, 10 * some_runs);
}
