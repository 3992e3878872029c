// SPDX-License-Identifier: Apache-2.0
// One explorer's loop, and the wait for all of them.
#include "explorer.hpp"

#include <algorithm>
#include <deque>

#include <quartet/exec/sim/detail/exhaustive.hpp>
#include <quartet/test/detail/child.hpp>

#include "trial.hpp"

namespace quartet::detail {

namespace {

struct explorer {
  explore_options const& options;
  explored_body body;
  exploration& shared;
  unsigned number;

  explorer_page& page() const noexcept { return shared.pages[number]; }

  // False: it failed.
  bool keep(sim::outline const& o, std::uint64_t nth) const noexcept {
    explorer_page& p = page();
    bool const is_new = shared.add(o.class_hash);
    if (is_new && nth >= options.schedules - options.schedules / 10)
      p.late.fetch_add(1, seam::relaxed);
    if (o.how == sim::verdict::ended) {
      p.runs.fetch_add(1, seam::relaxed);
      return true;
    }
    p.hash.store(o.trace_hash, seam::relaxed);
    p.how.store(o.how, seam::relaxed);
    p.found.store(true, seam::release);
    shared.over.store(true, seam::release);
    return false;
  }

  void tell_goals(sim::world const& w) const noexcept {
    if (number != 0) return;
    for (sim::goal const& g : w.goals())
      if (shared.goal_count < exploration::goals_max) shared.goals[shared.goal_count++] = g;
  }

  // Whether the schedule that went like `o` does well with a stop at each of its checkpoints, too.
  bool keep_with_stops(trial& t, std::uint64_t seed, sim::outline const& o,
                       std::uint64_t nth) const {
    if (!keep(o, nth)) return false;
    if (!options.stops) return true;
    page().checkpoints.fetch_add(o.checkpoints, seam::relaxed);
    for (std::uint64_t at = 1; at <= o.checkpoints; ++at) {
      page().stop_at.store(at, seam::relaxed);
      sim::outline const with = t.run({seed, {}, at});
      if (with.stop_requested) page().stops.fetch_add(1, seam::relaxed);
      if (!keep(with, nth)) return false;
    }
    page().stop_at.store(0, seam::relaxed);
    return true;
  }

  void explore() const {
    trial t(options, body);
    page().seed.store(trial::first_seed, seam::relaxed);
    bool goes_on =
        number == 0 ? keep_with_stops(t, trial::first_seed, t.first(), 0) : keep(t.first(), 0);
    for (std::uint64_t n = number; goes_on && n < options.schedules; n += options.explorers) {
      if (shared.over.load(seam::relaxed)) break;
      std::uint64_t const seed = t.seed(n);
      page().nth.store(n, seam::relaxed);
      page().seed.store(seed, seam::release);
      goes_on = keep_with_stops(t, seed, t.run({seed}), n);
    }
    tell_goals(t.in());
  }

  // Depth first. An invariant looks at orders of what is independent too: then none is left out.
  void explore_every() const {
    trial t(options, body);
    page().seed.store(trial::first_seed, seam::relaxed);
    if (!keep(t.first(), 0)) return;
    sim::exhaustive all({.sleep_sets = !options.uses_decide && !t.in().watched_something(),
                         .preemptions_max = options.preemptions_max,
                         .runs_max = options.schedules});
    sim::tape<sim::deviation> written(shared.deviations.data(), shared.deviations.size());
    sim::recorder records(all, written);
    std::uint64_t n = 0;
    do {
      page().nth.store(n, seam::relaxed);
      page().by_script.store(true, seam::relaxed);
      if (!keep(t.run_by(records), n++)) break;
    } while (all.next());
    using enum sim::coverage;
    shared.covered = all.covered() == complete  ? coverage::complete
                     : all.covered() == bounded ? coverage::complete_to_bound
                                                : coverage::incomplete;
    shared.diverged = all.covered() == diverged;
    tell_goals(t.in());
  }
};

std::optional<sim::script> script_of(explorer_page const& p, exploration& shared) {
  if (!p.by_script.load(seam::relaxed)) return {};
  sim::tape<sim::deviation> const t(shared.deviations.data(), shared.deviations.size());
  return sim::script(t.written().begin(), t.written().end());
}

unsigned long runs_of(void* page) {
  return static_cast<explorer_page*>(page)->runs.load(seam::relaxed);
}

}  // namespace

bool exploration::add(std::uint64_t hash) noexcept {
  if (classes.load(seam::relaxed) > classes_max / 2) return false;
  hash = std::max<std::uint64_t>(hash, 1);
  for (std::size_t i = hash % classes_max;; i = (i + 1) % classes_max) {
    std::uint64_t there = seen[i].load(seam::relaxed);
    if (there == hash) return false;
    if (there != 0) continue;
    if (seen[i].compare_exchange(there, hash, seam::relaxed, seam::relaxed)) break;
    if (there == hash) return false;
  }
  classes.fetch_add(1, seam::relaxed);
  return true;
}

std::optional<found_failure> explore_all(explore_options const& o, explored_body b,
                                         exploration& shared) {
  std::deque<explorer> explorers;
  std::deque<child> children;
  for (unsigned i = 0; i != o.explorers; ++i) {
    explorers.push_back({o, b, shared, i});
    children.emplace_back(
        [](void* e, std::string&) {
          auto const& self = *static_cast<explorer*>(e);
          self.options.exhaustive ? self.explore_every() : self.explore();
        },
        &explorers.back());
  }
  std::optional<found_failure> found;
  for (unsigned i = 0; i != o.explorers; ++i) {
    explorer_page& p = shared.pages[i];
    child_end const end = children[i].wait(&runs_of, &p, o.hang_after);
    if (end.well() && !p.found.load(seam::acquire)) continue;
    bool const told = p.found.load(seam::acquire);
    found_failure const f{p.seed.load(seam::acquire),
                          p.nth.load(seam::relaxed),
                          p.hash.load(seam::relaxed),
                          told ? p.how.load(seam::relaxed) : sim::verdict::ended,
                          end.hung,
                          script_of(p, shared),
                          p.stop_at.load(seam::relaxed)};
    if (!found || f.nth < found->nth) found = f;
    shared.over.store(true, seam::release);
  }
  return found;
}

}  // namespace quartet::detail
