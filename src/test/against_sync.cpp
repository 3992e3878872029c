// SPDX-License-Identifier: Apache-2.0
// The run under sync, and the words for another result.
#include <cstddef>
#include <vector>

#include <quartet/test/against_sync.hpp>

#include "asked.hpp"
#include "story.hpp"
#include "trial.hpp"

namespace quartet::detail {

std::optional<explore_failure> failure_under_sync(explore_options const& o, explored_body b) {
  constexpr std::size_t steps_max = 10'000;
  refuse_absurd(o);
  explore_options without_faults = o;
  without_faults.faults_percent = 0;
  without_faults.memory_faults_percent = 0;
  without_faults.slow_percent = 0;
  std::vector<std::byte> pages(sim::tape<sim::step>::bytes_for(steps_max));
  sim::tape<sim::step> steps(pages.data(), pages.size());
  trial t(without_faults, b);
  sim::outline const run = t.run_told({trial::first_seed}, steps);
  if (run.how == sim::verdict::ended) return {};
  std::vector<std::string> const names = names_in(t.in(), run);
  story tells(steps.written(), names);
  explore_failure f;
  f.kind = std::string(sim::name(run.how)) + " under sync";
  f.what = tells.what_went_wrong(run);
  f.story = tells.told(false);
  f.token = f.shortest = token_of({trial::first_seed});
  f.schedule = 1;
  return f;
}

void fail_different(std::string const& under_sync, std::string const& here, place where) {
  std::string const text =
      "a different result from the same work under sync\nunder sync: " + under_sync +
      "\nhere: " + here;
  check(false, text.c_str(), where);
}

}  // namespace quartet::detail
