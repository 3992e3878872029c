// SPDX-License-Identifier: Apache-2.0
// Each option, each variable, and what is wrong with it.
#include "asked.hpp"

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <string_view>

#include "explorer.hpp"

namespace quartet::detail {

namespace {

[[noreturn]] void refuse(std::string const& what) {
  throw std::invalid_argument("explore: " + what);
}

void percentage(char const* name, unsigned percent) {
  if (percent > 100)
    refuse(std::string(name) + " = " + std::to_string(percent) +
           " is no percentage; give 0 for never to 100 for always");
}

void one_or_more(char const* name, std::uint64_t n) {
  if (n == 0) refuse(std::string(name) + " = 0 explores nothing; give 1 or more");
}

std::uint64_t number_in(char const* name, std::uint64_t least, std::uint64_t otherwise) {
  char const* const set = std::getenv(name);
  if (set == nullptr) return otherwise;
  std::string_view const text = set;
  std::uint64_t n = 0;
  auto const [at, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || at != text.data() + text.size() || n < least)
    refuse_variable(name, "is no whole number from " + std::to_string(least) +
                              " on; give one, or unset the variable");
  return n;
}

}  // namespace

void refuse_absurd(explore_options const& o) {
  percentage("faults_percent", o.faults_percent);
  percentage("memory_faults_percent", o.memory_faults_percent);
  percentage("slow_percent", o.slow_percent);
  one_or_more("schedules", o.schedules);
  one_or_more("explorers", o.explorers);
  one_or_more("points_max", o.points_max);
  if (o.explorers > exploration::explorers_max)
    refuse("explorers = " + std::to_string(o.explorers) + ": at most " +
           std::to_string(exploration::explorers_max) + " explore side by side");
  if (o.stall_min < duration::zero())
    refuse("stall_min is negative; give the least time that is a stall, or duration::max()");
  if (o.hang_after <= duration::zero())
    refuse("hang_after leaves a run no time; give the real time after which it hangs");
  if (o.stops && o.exhaustive) refuse("a sample can be tried with stops, not every schedule");
}

explore_options with_environment(explore_options o) {
  if (__builtin_mul_overflow(o.schedules, number_in("QUARTET_TIMES", 1, 1), &o.schedules))
    o.schedules = std::numeric_limits<std::uint64_t>::max();
  o.seed ^= number_in("QUARTET_FRESH", 0, 0);
  return o;
}

std::optional<schedule> asked_schedule() {
  char const* const token = std::getenv("QUARTET_SEED");
  if (token == nullptr) return {};
  try {
    return schedule_of(token);
  } catch (std::invalid_argument const& e) {
    refuse_variable("QUARTET_SEED", e.what());
  }
}

void refuse_variable(char const* name, std::string const& why) {
  char const* const value = std::getenv(name);
  std::fprintf(stderr, "quartet: %s=%s: %s\n", name, value == nullptr ? "" : value, why.c_str());
  std::exit(2);
}

}  // namespace quartet::detail
