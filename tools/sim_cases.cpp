// SPDX-License-Identifier: Apache-2.0
// Prints what the simulator makes of the acceptance cases, a line each:
// sim_cases [--trials 100] [--silent 10000] [--slow] [CASE...]
//
// A trial looks for the mistake of a case in at most 2,000 schedules; the mended twin has to stay
// silent for so many. CASE is a number or a part of a name. Ends with 1 if a mistake was not found
// in all trials, or a twin was not silent. Each case runs in a process of its own, since runs that
// could not end leave their stacks behind. --slow searches also for what a test cannot wait for.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "cases/explore.hpp"

namespace {

using quartet::cases::explorer;
using quartet::cases::search;
using quartet::cases::sim_case;
using quartet::cases::story;

struct options {
  std::uint64_t trials = 100;
  std::uint64_t silent = 10'000;
  bool slow = false;
  std::vector<std::string> names;
};

[[noreturn]] void refuse(std::string const& why) {
  std::fprintf(stderr, "sim_cases: %s\nsim_cases [--trials N] [--silent N] [--slow] [CASE...]\n",
               why.c_str());
  std::exit(2);
}

std::uint64_t number(std::string_view option, char const* text) {
  std::string_view const t = text == nullptr ? "" : text;
  std::uint64_t n = 0;
  auto const [end, wrong] = std::from_chars(t.data(), t.data() + t.size(), n);
  if (wrong != std::errc() || end != t.data() + t.size() || n == 0)
    refuse(std::string(option) + " wants a number, not '" + std::string(t) + "'");
  return n;
}

options parsed(char** argv) {
  options o;
  for (char** a = argv + 1; *a != nullptr; ++a) {
    std::string_view const word = *a;
    if (word == "--slow")
      o.slow = true;
    else if (word == "--trials")
      o.trials = number(word, *++a);
    else if (word == "--silent")
      o.silent = number(word, *++a);
    else if (word.starts_with("--"))
      refuse("there is no option " + std::string(word));
    else
      o.names.emplace_back(word);
  }
  return o;
}

bool names(std::string const& word, sim_case const& c) {
  return word == std::to_string(c.number) ||
         std::string_view(c.name).find(word) != std::string::npos;
}

bool wanted(options const& o, sim_case const& c) {
  auto const names_it = [&c](std::string const& word) { return names(word, c); };
  return o.names.empty() || std::ranges::any_of(o.names, names_it);
}

void refuse_unknown(options const& o) {
  for (std::string const& word : o.names) {
    auto const is_it = [&word](sim_case const& c) { return names(word, c); };
    if (std::ranges::none_of(quartet::cases::all_cases(), is_it))
      refuse("no case has the number or name " + word);
  }
}

/// The trials of a case. False: not all have found it.
bool search_for(sim_case const& c, std::uint64_t trials, std::uint64_t limit) {
  explorer e(c, quartet::cases::broken);
  std::vector<double> needed;
  std::uint64_t found = 0;
  std::string odd;
  for (std::uint64_t trial = 1; trial <= trials; ++trial) {
    search const s = e.look(trial, limit);
    found += s.how == search::end::shown ? 1 : 0;
    if (s.how == search::end::false_alarm)
      odd = "\n  FALSE ALARM, seed " + std::to_string(s.seed) + ": " + story(s.last);
    needed.push_back(static_cast<double>(s.schedules));
  }
  std::ranges::sort(needed);
  double const mean =
      std::accumulate(needed.begin(), needed.end(), 0.0) / static_cast<double>(trials);
  std::printf("found %llu/%llu, mean %.1f, median %.0f, max %.0f",
              static_cast<unsigned long long>(found), static_cast<unsigned long long>(trials), mean,
              needed[needed.size() / 2], needed.back());
  if (c.mean_max != 0 && mean > c.mean_max) std::printf(" (mean above the goal %.0f)", c.mean_max);
  std::fputs(odd.c_str(), stdout);
  return found == trials;
}

/// The schedules of the twin. False: it was not silent.
bool stays_silent(sim_case const& c, std::uint64_t limit) {
  explorer e(c, quartet::cases::mended);
  auto const began = std::chrono::steady_clock::now();
  search const s = e.look(0, std::max<std::uint64_t>(limit / c.heavy, 1));
  std::chrono::duration<double> const took = std::chrono::steady_clock::now() - began;
  bool const silent = s.how == search::end::nothing;
  std::printf("; %s %llu, %.0f schedules/s, %llu points", silent ? "silent" : "NOT SILENT",
              static_cast<unsigned long long>(s.schedules),
              static_cast<double>(s.schedules) / took.count(),
              static_cast<unsigned long long>(e.points()));
  if (!silent)
    std::printf("\n  seed %llu: %s", static_cast<unsigned long long>(s.seed),
                story(s.last).c_str());
  return silent;
}

int show(sim_case const& c, options const& o) {
  std::printf("%2d %-31s ", c.number, c.name);
  if (c.pending != nullptr) return std::printf("pending: %s\n", c.pending), 0;
  bool found = true;
  if (!c.slow)
    found = search_for(c, o.trials, 2'000);
  else if (o.slow)
    found = search_for(c, std::min<std::uint64_t>(o.trials, 20), 4'000'000);
  else
    std::printf("not searched without --slow");
  bool const silent = stays_silent(c, o.silent);
  std::puts("");
  return found && silent ? 0 : 1;
}

/// The same in a process of its own.
bool shown_apart(sim_case const& c, options const& o) {
  std::fflush(stdout);
  pid_t const child = fork();
  if (child == 0) {
    int const code = show(c, o);
    std::fflush(stdout);
    _exit(code);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) refuse("cannot start a process");
  if (WIFSIGNALED(status))
    std::printf("%2d %s: ended by signal %d\n", c.number, c.name, WTERMSIG(status));
  return status == 0;
}

}  // namespace

int main(int, char** argv) {
  options const o = parsed(argv);
  refuse_unknown(o);
  bool well = true;
  for (sim_case const& c : quartet::cases::all_cases()) {
    if (!wanted(o, c)) continue;
    well = shown_apart(c, o) && well;
  }
  return well ? 0 : 1;
}
