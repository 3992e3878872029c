// SPDX-License-Identifier: Apache-2.0
// Which model fits measured work.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <quartet/jobs/compare/compare.hpp>

namespace quartet::jobs {

namespace {

constexpr double worth_it = 1.15;  // a gain below 15 % does not pay for more machinery

compare_row const* find(std::vector<compare_row> const& rows, std::string_view name) {
  auto const r = std::ranges::find(rows, name, &compare_row::model);
  return r == rows.end() ? nullptr : &*r;
}

std::string times(double x) {
  long long const tenths = std::llround(x * 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " times";
}

/// How busy the processors were, against the wall time: 1 is one whole processor.
double busy(compare_row const& r) { return r.wall.median > 0 ? r.cpu / r.wall.median : 0; }

}  // namespace

advice advise(std::vector<compare_row> const& rows) {
  if (rows.empty()) throw std::invalid_argument("advice needs the figures of at least one model");
  compare_row const& best =
      *std::ranges::min_element(rows, {}, [](compare_row const& r) { return r.wall.median; });
  compare_row const* const sync = find(rows, "sync");
  compare_row const* const threads = find(rows, "threads");
  compare_row const* const processes = find(rows, "processes");

  if (sync != nullptr && sync->wall.median < best.wall.median * worth_it)
    return {"sync", "no other model is 15 % faster here, and nothing is simpler."};
  if (sync != nullptr && busy(*sync) < 0.5 && find(rows, "async") != nullptr &&
      find(rows, "async")->wall.median < best.wall.median * worth_it)
    return {"async", "the work waits more than it computes, and one loop waits for all at once."};
  if (threads != nullptr && threads->wall.median < best.wall.median * worth_it) {
    std::string reason = "the work computes";
    if (sync != nullptr)
      reason += ", and " + std::to_string(threads->workers) + " workers do it " +
                times(sync->wall.median / threads->wall.median) + " as fast as one";
    if (processes != nullptr && processes->wall.median < threads->wall.median * worth_it)
      reason +=
          ". processes come close, for more memory: take them where an input may crash or "
          "hang the code that reads it";
    return {"threads", reason + "."};
  }
  return {best.model, "it is the fastest by more than 15 %."};
}

}  // namespace quartet::jobs
