// SPDX-License-Identifier: Apache-2.0
// From the first failure to a report: twice again, shorter, in words.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>

#include <quartet/os/code_place.hpp>
#include <quartet/test/detail/child.hpp>

#include "asked.hpp"
#include "explorer.hpp"
#include "shorten.hpp"
#include "story.hpp"
#include "trial.hpp"

namespace quartet::detail {

namespace {

constexpr std::size_t steps_max = 20'000;
constexpr std::size_t deviations_max = 100'000;
constexpr unsigned continuations = 20;

/// Where a run that may crash leaves what it did.
struct tapes {
  shared_pages step_pages{sim::tape<sim::step>::bytes_for(steps_max)};
  shared_pages deviation_pages{sim::tape<sim::deviation>::bytes_for(deviations_max)};
  sim::tape<sim::step> steps{step_pages.data(), step_pages.size()};
  sim::tape<sim::deviation> deviations{deviation_pages.data(), deviation_pages.size()};
};

/// How one run in a process of its own went.
struct repeated {
  child_end end;
  sim::verdict how = sim::verdict::ended;  // and the child did not crash
  std::uint64_t hash = 0;
  bool crashed() const noexcept { return !end.well(); }
};

class workshop {
 public:
  workshop(explore_options const& o, explored_body b) : options_(o), body_(b) {}

  explore_failure examine(found_failure const& f);
  /// One schedule again, with all its steps.
  std::optional<explore_failure> again(schedule const& s);

 private:
  repeated repeat(schedule const& s);
  bool fails_alike(repeated const& r) const noexcept;
  tried try_in_child(schedule const& s);
  std::optional<schedule> shortest(schedule const& s, explore_failure& to);
  schedule shortest_of_crash(schedule const& s, explore_failure& to);
  void minimise(schedule& s, explore_failure& to);
  std::vector<std::uint64_t> turns() const;
  std::string tell(schedule const& s, explore_failure const& f, bool all);
  void describe(explore_failure& to, schedule const& shortest, bool all);

  explore_options const& options_;
  explored_body const body_;
  tapes tapes_;
  repeated like_;  // the failure in question
};

template <class T> void append(std::string& to, T const& x) {
  to.append(reinterpret_cast<char const*>(&x), sizeof x);
}
template <class T> bool take(std::string& from, T& to) {
  if (from.size() < sizeof to) return false;
  std::memcpy(&to, from.data(), sizeof to);
  from.erase(0, sizeof to);
  return true;
}

repeated workshop::repeat(schedule const& s) {
  tapes_.steps.clear();
  tapes_.deviations.clear();
  repeated r;
  r.end = in_child(options_.hang_after, [&](std::string& answer) {
    trial t(options_, body_);
    if (s.seed != trial::first_seed) t.first();
    sim::outline const o = t.run(s, &tapes_.steps, s.by ? nullptr : &tapes_.deviations);
    append(answer, o.how);
    append(answer, o.trace_hash);
  });
  if (r.crashed()) return r;
  take(r.end.answer, r.how);
  take(r.end.answer, r.hash);
  return r;
}

bool workshop::fails_alike(repeated const& r) const noexcept {
  return r.how == like_.how && r.end.signal == like_.end.signal && r.end.code == like_.end.code &&
         r.end.hung == like_.end.hung;
}

tried workshop::try_in_child(schedule const& s) {
  repeated const r = repeat(s);
  return {fails_alike(r), !r.crashed() && r.how == sim::verdict::ended};
}

// Of each thread, of the run on the tape: it comes to a decision before each operation, and before
// its end.
std::vector<std::uint64_t> workshop::turns() const {
  std::vector<std::uint64_t> of(1, 1);
  for (sim::step const& s : tapes_.steps.written()) {
    if (s.thread >= of.size()) of.resize(s.thread + 1, 1);
    ++of[s.thread];
  }
  return of;
}

// In one process. Nothing if one of the tries crashed.
std::optional<schedule> workshop::shortest(schedule const& s, explore_failure& to) {
  std::vector<std::uint64_t> const at_most = turns();
  child_end end = in_child(options_.hang_after, [&](std::string& answer) {
    trial t(options_, body_);
    if (s.seed != trial::first_seed) t.first();
    sim::outline const like = t.run(s);
    try_schedule const run = [&](schedule const& other) {
      sim::outline const o = t.run(other);
      bool const there = like.how != sim::verdict::check || o.where.line == like.where.line;
      return tried{o.how == like.how && there, o.how == sim::verdict::ended};
    };
    schedule const least = shorten(s, at_most, run, 1'000);
    tapes_.steps.clear();
    t.run(least, &tapes_.steps);
    append(answer, inevitable_after(least, tapes_.steps.count(), run, continuations));
    answer += sim::to_text(*least.by);
  });
  std::uint64_t after = 0;
  if (!end.well() || !take(end.answer, after)) return {};
  to.inevitable_after = after;
  return schedule{s.seed, sim::script_of(end.answer), s.stop_at};
}

schedule workshop::shortest_of_crash(schedule const& s, explore_failure& to) {
  try_schedule const run = [this](schedule const& other) { return try_in_child(other); };
  schedule least = shorten(s, turns(), run, 200);
  repeat(least);
  to.inevitable_after = inevitable_after(least, tapes_.steps.count(), run, continuations / 4);
  return least;
}

// In one process as long as none of the tries crashes, or can leave a lock of its own taken.
void workshop::minimise(schedule& s, explore_failure& to) {
  auto const written = tapes_.deviations.written();
  if (!s.by) s.by.emplace(written.begin(), written.end());
  std::optional<schedule> least;
  if (!like_.crashed() && like_.how != sim::verdict::escape) least = shortest(s, to);
  s = least ? *least : shortest_of_crash(s, to);
}

// The words for a schedule: what went wrong, a zero, the story.
std::string workshop::tell(schedule const& s, explore_failure const& f, bool all) {
  tapes_.steps.clear();
  child_end end = in_child(options_.hang_after, [&](std::string& answer) {
    trial t(options_, body_);
    if (s.seed != trial::first_seed) t.first();
    sim::outline const o = t.run_told(s, tapes_.steps);
    std::vector<std::string> const names = names_in(t.in(), o);
    story tells(tapes_.steps.written(), names);
    answer = tells.what_went_wrong(o) + '\0' + tells.told(all, f.inevitable_after);
  });
  if (end.well()) return end.answer;
  std::vector<std::string> const no_names;
  return '\0' + story(tapes_.steps.written(), no_names).told(all, f.inevitable_after);
}

void workshop::describe(explore_failure& to, schedule const& shortest, bool all) {
  to.shortest = token_of(shortest);
  std::string const told = tell(shortest, to, all);
  to.what += told.substr(0, told.find('\0'));
  to.story = told.substr(told.find('\0') + 1);
}

std::string kind_of(repeated const& r) {
  if (r.end.hung) return "a hang";
  if (r.end.signal != 0) return std::string("a crash, ") + strsignal(r.end.signal);
  if (r.end.code != 0) return "the process ended with code " + std::to_string(r.end.code);
  return sim::name(r.how);
}

explore_failure workshop::examine(found_failure const& f) {
  schedule s{f.seed, f.by, f.stop_at};
  explore_failure failure;
  failure.token = token_of(s);
  failure.schedule = f.nth + 1;
  repeated const first = repeat(s), second = repeat(s);
  like_ = second;
  bool const crash = f.how == sim::verdict::ended;
  bool const same = crash ? first.crashed() && second.crashed() && fails_alike(first)
                          : first.how == f.how && first.hash == f.hash && second.hash == f.hash;
  failure.kind = same ? kind_of(second) : "nondeterminism that nobody controls";
  if (!same)
    failure.what =
        "one seed gave different runs: " + (crash ? "a crash" : std::string(sim::name(f.how))) +
        ", then " + kind_of(first) + ", then " + kind_of(second) +
        "\nsomething in the body depends on what the simulator does not decide: an "
        "address, a clock, a thread, a lock or a static of its own\n";
  if (!second.end.printed.empty() && second.crashed()) failure.what += second.end.printed + "\n";
  if (same && options_.minimise) minimise(s, failure);
  if (s.by) {
    auto const absent = std::ranges::count(*s.by, sim::differs::absence, &sim::deviation::in);
    failure.left_out = static_cast<std::size_t>(absent);
    failure.switches = s.by->size() - failure.left_out;
  }
  describe(failure, s, false);
  return failure;
}

std::optional<explore_failure> workshop::again(schedule const& s) {
  like_ = repeat(s);
  if (!like_.crashed() && like_.how == sim::verdict::ended) return {};
  explore_failure failure;
  failure.kind = kind_of(like_);
  failure.token = token_of(s);
  failure.schedule = 1;
  if (like_.crashed()) failure.what = like_.end.printed + "\n";
  describe(failure, s, true);
  return failure;
}

explore_failure divergence() {
  return {.kind = "nondeterminism that nobody controls",
          .what =
              "the same decisions led to another run: something in the body depends on what the "
              "simulator does not decide\n",
          .story = "",
          .token = token_of({trial::first_seed, {}}),
          .shortest = token_of({trial::first_seed, {}})};
}

void list_goals(exploration const& shared, explore_report& r) {
  for (std::size_t i = 0; i != shared.goal_count; ++i)
    if (sim::goal const& g = shared.goals[i]; !g.reached)
      r.unreached.push_back(std::string(g.what) + ", " + text_of(g.where));
}

// The files whose operations some hundred schedules reached, or the operations themselves: those
// that QUARTET_MUTANT can name.
void print_points(explore_options const& o, explored_body b, bool operations) {
  child_end const end = in_child(o.hang_after, [&](std::string& answer) {
    trial t(o, b);
    tapes written;
    std::set<std::string> points;
    t.first();
    for (std::uint64_t n = 0; n != std::min<std::uint64_t>(o.schedules, 100); ++n) {
      written.steps.clear();
      t.run({t.seed(n), {}}, &written.steps);
      for (sim::step const& s : written.steps.written())
        if (!operations)
          points.insert(s.what.where.file);
        else if (sim::mutant::of(s.what))
          points.insert(os::short_path(s.what.where.file) + ":" +
                        std::to_string(s.what.where.line) + ":" + seam::name(s.what.what));
    }
    for (std::string const& p : points) answer += "point: " + p + "\n";
  });
  std::fputs(end.answer.c_str(), stdout);
}

// Of a run that is not as its author meant it: which schedule, and no more.
explore_failure brief(found_failure const& f) {
  explore_failure failure;
  bool const crash = f.how == sim::verdict::ended;
  failure.kind = f.hung ? "a hang" : crash ? "a crash" : sim::name(f.how);
  failure.token = token_of({f.seed, f.by, f.stop_at});
  failure.shortest = failure.token;
  failure.schedule = f.nth + 1;
  return failure;
}

explore_report replay(schedule const& s, explore_options const& o, explored_body b) {
  static_cast<void>(trial::left_out());  // refused here if it is absurd, and not in a child
  explore_report r;
  r.schedules = 1;
  r.classes = 1;
  r.failure = workshop(o, b).again(s);
  return r;
}

}  // namespace

explore_report explore(explore_options const& given, explored_body b) {
  refuse_absurd(given);
  if (auto const only = asked_schedule()) return replay(*only, given, b);
  explore_options o = with_environment(given);
  if (o.exhaustive) o.explorers = 1;
  bool const mutated = trial::left_out() != nullptr;
  if (mutated) o.hang_after = std::min<duration>(o.hang_after, std::chrono::seconds(5));
  if (char const* const which = std::getenv("QUARTET_POINTS"))
    print_points(o, b, std::string_view(which) == "operations");
  shared_pages pages(sizeof(exploration));
  auto& shared = *static_cast<exploration*>(pages.data());
  std::optional<found_failure> const found = explore_all(o, b, shared);
  explore_report r;
  for (explorer_page const& p : shared.pages) {
    r.schedules += p.runs.load(seam::relaxed);
    r.checkpoints += p.checkpoints.load(seam::relaxed);
    r.stops += p.stops.load(seam::relaxed);
    r.new_in_last_tenth += p.late.load(seam::relaxed);
  }
  r.classes = shared.classes.load(seam::relaxed);
  if (found)
    r.failure = mutated ? brief(*found) : workshop(o, b).examine(*found);
  else
    list_goals(shared, r);
  if (o.exhaustive && !found) r.how = shared.covered;
  if (shared.diverged) r.failure = divergence();
  return r;
}

explore_report replay(std::string_view token, explore_options const& o, explored_body b) {
  refuse_absurd(o);
  return replay(schedule_of(token), o, b);
}

}  // namespace quartet::detail
