// SPDX-License-Identifier: Apache-2.0
// Trials of the explorer, in a child process.
//
// A trial is what `explore` does until the first failure: a run that measures the body, then one
// schedule after the other; the measuring run counts. `explore` always begins with the same one.
// Here each trial has its own, so that a bug is not found a hundred times by the luck of one run.
// What `explore` does besides is not counted: it starts a process, replays what it has found in two
// more, shortens and tells it.
// A schedule that fails leaves its threads' stacks where they are; the process takes them along.
#include "search.hpp"

#include <algorithm>
#include <type_traits>

#include <quartet/base/random.hpp>
#include <quartet/exec/sim/detail/profile.hpp>
#include <quartet/exec/sim/detail/world.hpp>

#include "ended_well.hpp"

namespace quartet::jobs::races {

namespace {

using detail::sim::plan;
using detail::sim::verdict;

/// How one trial went.
struct trial {
  bool found;
  std::uint64_t schedules;  // with the one that failed
  duration time;
};

/// The trials of one body.
class explorer {
 public:
  explorer(void (*body)(), std::uint64_t schedules_max) : body_(body), most_(schedules_max) {}

  trial try_again(std::uint64_t number) {
    time_point const began = clock::now();
    bool fails = measuring_run(mix64(mix64(number)));
    std::uint64_t n = 1;
    for (; !fails && n < most_; ++n) fails = run(mix64(mix64(number) ^ n));
    return {fails, n, clock::now() - began};
  }

 private:
  bool measuring_run(std::uint64_t seed) {
    detail::sim::profiler takes(strategies_.of({}));
    bool const fails = world_.run(takes, {.seed = seed}, body_).how != verdict::ended;
    profile_ = takes.taken();
    return fails;
  }
  bool run(std::uint64_t seed) {
    return world_.run(seed, plan::of(seed, profile_), body_).how != verdict::ended;
  }

  void (*const body_)();
  std::uint64_t const most_;
  detail::sim::world world_;
  detail::sim::strategies strategies_;
  detail::sim::profile profile_;
};

/// The one in the middle of an odd number, the upper of the two of an even one.
template <class T> double median(std::vector<trial> all, T trial::*figure) {
  auto const middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::ranges::nth_element(all, middle, {}, figure);
  if constexpr (std::is_same_v<T, duration>)
    return std::chrono::duration<double>((*middle).*figure).count();
  else
    return static_cast<double>((*middle).*figure);
}

std::vector<trial> all_trials(void (*body)(), unsigned trials, std::uint64_t schedules_max) {
  detail::shared_pages const results(trials * sizeof(trial));
  auto* const first = static_cast<trial*>(results.data());
  ended_well("explores", detail::in_child(duration::max(), [&](std::string&) {
               explorer e(body, schedules_max);
               for (unsigned i = 0; i != trials; ++i) first[i] = e.try_again(i);
             }));
  return {first, first + trials};
}

}  // namespace

search_figures search(void (*body)(), unsigned trials, std::uint64_t schedules_max) {
  std::vector<trial> const all = all_trials(body, trials, schedules_max);
  return {trials, static_cast<unsigned>(std::ranges::count(all, true, &trial::found)),
          median(all, &trial::schedules), median(all, &trial::time)};
}

}  // namespace quartet::jobs::races
