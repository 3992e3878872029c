// SPDX-License-Identifier: Apache-2.0
// Exploring a case.
#include "cases/explore.hpp"

#include <sstream>

namespace quartet::cases {

using detail::sim::outline;
using detail::sim::plan;

explorer::explorer(sim_case const& c, version v) : of_(c), version_(v) {
  detail::sim::profiler takes(strategies_.of({}));
  run_by(takes, 1, {});
  profile_ = takes.taken();
}

outline explorer::run(std::uint64_t seed) {
  plan const p = plan::of(seed, profile_);
  return run_by(strategies_.of(p), seed, p);
}

outline explorer::run_by(detail::sim::strategy& s, std::uint64_t seed, plan const& p) {
  return world_.run(s,
                    {.seed = seed,
                     .gang_start = p.gang_start,
                     .uses_decide = of_.uses_decide,
                     .stall_min = of_.stall_min,
                     .may = {.points_percent = of_.faults_percent, .surprises = p.surprises}},
                    version_ == mended ? of_.mended : of_.broken);
}

search explorer::look(std::uint64_t trial, std::uint64_t limit) {
  using end = search::end;
  search s;
  while (s.schedules != limit) {
    s.seed = mix64(mix64(trial) ^ ++s.schedules);
    s.last = run(s.seed);
    if (s.last.how == verdict::ended) continue;
    s.how = version_ == broken && of_.shows.has(s.last.how) ? end::shown : end::false_alarm;
    return s;
  }
  return s;
}

std::string story(outline const& o) {
  std::ostringstream text;
  auto const at = [&text](place const& p) -> std::ostream& {
    return p.line == 0 ? text : text << " at " << p.file << ':' << p.line;
  };
  text << name(o.how);
  if (!o.what.empty()) text << ": " << o.what;
  at(o.where);
  for (auto const* side : {&o.first, &o.second})
    if (side->code != nullptr)
      text << "\n  " << side->name << ' ' << side->thread << (side->writes ? " writes" : " reads")
           << " at " << side->code << " with " << side->holds.size() << " locks";
  for (auto const& left : o.left) {
    text << "\n  " << left.name << ' ' << left.thread << (left.waits ? " waits" : " stands")
         << " before " << seam::name(left.last.what) << " of " << left.object;
    at(left.last.where);
    if (left.holder >= 0) text << ", which " << left.holder << " holds";
  }
  return text.str();
}

}  // namespace quartet::cases
