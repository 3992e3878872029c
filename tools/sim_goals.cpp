// SPDX-License-Identifier: Apache-2.0
// Measures what the simulator promises, a line each with its goal: sim_goals [--failures 10000]
//
// From the start of an exploration to its finished report, over the acceptance cases 1 to 26; a day
// of sleeps in virtual time; and whether failures come back, with an equal hash, from nothing but
// their seed in a process that is new. Ends with 1 if one does not: that is no matter of speed.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/test/explore.hpp>

#include "cases/explore.hpp"

namespace {

using namespace quartet;
using cases::explorer;
using cases::search;
using cases::sim_case;

[[noreturn]] void refuse(std::string const& why) {
  std::fprintf(stderr, "sim_goals: %s\nsim_goals [--failures N]\n", why.c_str());
  std::exit(2);
}

bool searchable(sim_case const& c) { return c.pending == nullptr && !c.slow; }

double ms_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
      .count();
}

void print(char const* what, double value, double goal, char const* unit) {
  std::printf("%-44s %9.2f %s  <= %.0f %s: %s\n", what, value, unit, goal, unit,
              value <= goal ? "met" : "missed");
}

/// From the start of the exploration to the report, minimised and in words.
double report_ms(sim_case const& c) {
  explore_options const o{.schedules = 4'000,
                          .stall_min = c.stall_min,
                          .faults_percent = c.faults_percent,
                          .uses_decide = c.uses_decide};
  auto const began = std::chrono::steady_clock::now();
  explore_report const r = explore(o, c.broken);
  double const took = ms_since(began);
  if (!r.failure) refuse(std::string(c.name) + ": explore has not found its mistake");
  if (r.text().find(r.failure->token) == std::string::npos) refuse("a report without a number");
  return took;
}

void measure_reports() {
  std::vector<double> all;
  for (sim_case const& c : cases::all_cases())
    if (c.number <= 26 && searchable(c)) all.push_back(report_ms(c));
  std::ranges::sort(all);
  print("report, median of the cases 1 to 26", all[all.size() / 2], 50, "ms");
  std::printf("%-44s %9.2f ms\n", "report, the longest", all.back());
}

/// A day in steps of a minute, on a loop.
void sleep_for_a_day() {
  event_loop loop;
  auto const sleeps = []() -> task<int> {
    int minutes = 0;
    for (; minutes != 24 * 60; ++minutes) co_await sleep_for(std::chrono::minutes(1));
    co_return minutes;
  };
  check(loop.submit(sleeps).blocking_get() == 24 * 60);
}

void measure_sleeps() {
  std::vector<double> all;
  detail::sim::world w;
  for (std::uint64_t seed = 1; seed != 6; ++seed) {
    auto const began = std::chrono::steady_clock::now();
    auto const o = w.run(seed, {}, &sleep_for_a_day);
    all.push_back(ms_since(began));
    if (o.how != detail::sim::verdict::ended || o.time != std::chrono::hours(24))
      refuse("a day of sleeps did not take a day");
  }
  std::ranges::sort(all);
  print("24 hours in 1,440 sleeps, median of 5", all[2], 10, "ms");
}

struct failure {
  std::uint64_t seed, hash;
};

std::vector<failure> failures_of(sim_case const& c, std::size_t wanted) {
  explorer e(c, cases::broken);
  std::vector<failure> all;
  for (std::uint64_t trial = 1; all.size() != wanted; ++trial) {
    search const s = e.look(trial, 20'000);
    if (s.how != search::end::shown) refuse(std::string(c.name) + ": not found");
    all.push_back({s.seed, s.last.trace_hash});
  }
  return all;
}

/// In a new process, which has run nothing: how many come back. Its words are `case` and pairs.
int come_back(char** words) {
  auto const number = [](std::string_view text) {
    std::uint64_t n = 0;
    std::from_chars(text.data(), text.data() + text.size(), n);
    return n;
  };
  sim_case const& c = cases::all_cases()[number(*words)];
  explorer e(c, cases::broken);
  int same = 0;
  while (*++words != nullptr) {
    std::uint64_t const seed = number(*words);
    same += e.run(seed).trace_hash == number(*++words) ? 1 : 0;
  }
  return same;
}

// The child's exit code is too small for the count, so it says it by what it prints.
std::size_t replayed(std::size_t case_index, std::vector<failure> const& all) {
  int ends[2];
  if (pipe(ends) != 0) refuse("no pipe");
  pid_t const child = fork();
  if (child == 0) {
    dup2(ends[1], 1);
    std::vector<std::string> words{"sim_goals", "--come-back", std::to_string(case_index)};
    for (failure const& f : all) {
      words.push_back(std::to_string(f.seed));
      words.push_back(std::to_string(f.hash));
    }
    std::vector<char*> argv;
    for (std::string& w : words) argv.push_back(w.data());
    argv.push_back(nullptr);
    execv("/proc/self/exe", argv.data());
    _exit(127);
  }
  close(ends[1]);
  char text[32] = {};
  ssize_t const n = read(ends[0], text, sizeof text - 1);
  close(ends[0]);
  int status = 0;
  if (child < 0 || n <= 0 || waitpid(child, &status, 0) != child || status != 0)
    refuse("a new process did not answer");
  return std::strtoul(text, nullptr, 10);
}

struct tally {
  std::size_t found = 0, same = 0;
};

/// In a process of its own: runs that fail leave their stacks behind.
tally searched_apart(std::size_t case_index, std::size_t wanted) {
  int ends[2];
  if (pipe(ends) != 0) refuse("no pipe");
  std::fflush(stdout);
  pid_t const child = fork();
  if (child == 0) {
    std::vector<failure> const all = failures_of(cases::all_cases()[case_index], wanted);
    tally const t{all.size(), replayed(case_index, all)};
    _exit(write(ends[1], &t, sizeof t) == sizeof t ? 0 : 1);
  }
  close(ends[1]);
  tally t;
  if (child < 0 || read(ends[0], &t, sizeof t) != sizeof t) refuse("a search did not end");
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return t;
}

bool measure_replays(std::size_t wanted) {
  auto const all = cases::all_cases();
  auto const kinds = static_cast<std::size_t>(std::ranges::count_if(all, &searchable));
  tally sum;
  for (std::size_t i = 0, nth = 0; i != all.size(); ++i) {
    if (!searchable(all[i])) continue;
    tally const t = searched_apart(i, wanted / kinds + (nth++ < wanted % kinds ? 1 : 0));
    sum.found += t.found;
    sum.same += t.same;
    if (t.same != t.found) std::printf("  %s: %zu of %zu\n", all[i].name, t.same, t.found);
  }
  std::printf("%-44s %zu of %zu, of %zu cases: %s\n", "failures come back in a new process",
              sum.same, sum.found, kinds, sum.same == sum.found ? "met" : "MISSED");
  return sum.same == sum.found;
}

}  // namespace

int main(int, char** argv) {
  std::size_t failures = 10'000;
  if (argv[1] != nullptr && std::string_view(argv[1]) == "--come-back") {
    std::printf("%d\n", come_back(argv + 2));
    return 0;
  }
  if (argv[1] != nullptr) {
    std::string_view const text = argv[2] == nullptr ? "" : argv[2];
    auto const [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), failures);
    if (std::string_view(argv[1]) != "--failures" || wrong != std::errc() ||
        end != text.data() + text.size() || failures == 0 || argv[3] != nullptr)
      refuse("it takes --failures and a number");
  }
  measure_reports();
  measure_sleeps();
  return measure_replays(failures) ? 0 : 1;
}
