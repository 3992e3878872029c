// SPDX-License-Identifier: Apache-2.0
// Each option, and what is wrong with it.
#include "asked.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>

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

}  // namespace quartet::detail
