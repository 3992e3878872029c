// SPDX-License-Identifier: Apache-2.0
// What every benchmark program shares: its options, its clock, its output, and how it is refused.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <time.h>
#include <unistd.h>
#include <vector>

namespace bench {

struct options {
  int workers = 1;
  bool wrong = false;  // spoil the answer before it is checked
  bool quick = false;  // a hundredth of the work: only shows that the program runs

  long scaled(long full) const { return quick ? std::max(full / 100, 1L) : full; }
  int repetitions(int full) const { return quick ? 1 : full; }
};

inline constexpr int exit_usage = 2;
inline constexpr int exit_refused = 3;
inline constexpr int exit_left_out = 77;

[[noreturn]] inline void usage(char const* program, char const* problem) {
  std::fprintf(stderr, "%s: %s\nusage: %s [--workers N] [--wrong] [--quick]\n", program, problem,
               program);
  std::exit(exit_usage);
}

inline int parse_workers(char const* program, char const* text) {
  char* end = nullptr;
  long const workers = std::strtol(text, &end, 10);
  if (end == text || *end != '\0' || workers < 1 || workers > 1024) {
    usage(program, "--workers takes a number from 1 to 1024");
  }
  return static_cast<int>(workers);
}

inline options parse(int argc, char** argv) {
  options parsed;
  for (int i = 1; i < argc; ++i) {
    std::string_view const word = argv[i];
    if (word == "--wrong") {
      parsed.wrong = true;
    } else if (word == "--quick") {
      parsed.quick = true;
    } else if (word == "--workers" && i + 1 < argc) {
      parsed.workers = parse_workers(argv[0], argv[++i]);
    } else {
      usage(argv[0], "unknown option");
    }
  }
  return parsed;
}

/// Nanoseconds of the monotonic clock, comparable between processes of one machine.
inline std::int64_t now_ns() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000LL + t.tv_nsec;
}

inline void sleep_until_ns(std::int64_t deadline_ns) {
  timespec const t{deadline_ns / 1'000'000'000, deadline_ns % 1'000'000'000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, nullptr) != 0) {
  }
}

/// The shortest of several repetitions: what disturbs a run only ever adds time.
template <class Round> double best_ns(options const& given, int repetitions, Round&& round) {
  double best = INFINITY;
  for (int i = 0; i < given.repetitions(repetitions); ++i) {
    std::int64_t const begin = now_ns();
    round();
    best = std::min(best, static_cast<double>(now_ns() - begin));
  }
  return best;
}

/// The smallest sample that at least `share` of the samples do not exceed.
inline double percentile(std::vector<double> samples, double share) {
  auto const rank = static_cast<std::size_t>(
      std::max(std::ceil(share * static_cast<double>(samples.size())), 1.0) - 1);
  std::nth_element(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(rank),
                   samples.end());
  return samples[rank];
}

/// Refuses the whole run unless the answer is right. `_Exit`, because workers may still be alive.
inline void require_answer(options const& given, char const* what, long answer, long right) {
  if (given.wrong) ++answer;
  if (answer == right) return;
  std::fprintf(stderr, "wrong answer: %s is %ld, not %ld\n", what, answer, right);
  std::fflush(nullptr);
  std::_Exit(exit_refused);
}

/// One line `metric unit value`, the only thing that the runner reads.
inline void print(char const* metric, char const* unit, double value) {
  std::printf("%s %s %.6g\n", metric, unit, value);
}

/// The most memory that this process has had at once. Not from getrusage, which counts what the
/// process was before its exec.
inline void print_peak_memory() {
  long kib = 0;
  if (std::FILE* const status = std::fopen("/proc/self/status", "r")) {
    char line[256];
    while (kib == 0 && std::fgets(line, sizeof line, status) != nullptr)
      if (std::sscanf(line, "VmHWM: %ld", &kib) != 1) kib = 0;
    std::fclose(status);
  }
  if (kib != 0) print("peak", "MiB", static_cast<double>(kib) / 1024);
}

/// Hides a value from the optimiser, so that no answer is computed while compiling.
inline long opaque(long value) {
  asm volatile("" : "+r"(value));
  return value;
}

}  // namespace bench
