// SPDX-License-Identifier: Apache-2.0
// The one file that knows fmt.
#include "text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/core.h>

namespace quartet::cli {

namespace {

constexpr std::string_view bold = "\x1b[1m", plain = "\x1b[0m";

/// "1.2 MB": powers of 1,000, as disks are sold and file managers show them.
std::string size_text(std::uint64_t bytes) {
  constexpr std::array units{"kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return fmt::format("{} bytes", bytes);
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < units.size(); ++unit) value /= 1000;
  return fmt::format("{:.{}f} {}", value, value < 9.95 ? 1 : 0, units[unit]);
}

/// Three digits that mean something.
std::string figure(double x) {
  return fmt::format("{:.{}f}", x, x < 9.995 ? 2 : x < 99.95 ? 1 : 0);
}

std::string cpus_text(unsigned n) { return fmt::format("{} CPU{}", n, n == 1 ? "" : "s"); }

std::string workers_text(unsigned n) { return fmt::format("{} worker{}", n, n == 1 ? "" : "s"); }

std::string quota_text(double cpus) {
  return fmt::format("{} CPU{}", figure(cpus), cpus == 1 ? "" : "s");
}

/// Why there are so many workers.
std::string reason_of(os::worker_count const& w) {
  switch (w.by) {
    case os::workers_by::variable:
      return fmt::format("QUARTET_WORKERS says so; by itself it would be {}", w.cpus);
    case os::workers_by::quota:
      return fmt::format("the tightest quota allows {}, which fewer could not use up",
                         quota_text(os::tightest(w.quotas)->cpus));
    case os::workers_by::affinity:
      return w.quotas.empty() ? "one for each CPU that it may run on"
                              : "one for each CPU that it may run on; no quota allows less";
  }
  return "";
}

std::string images_text(std::size_t n) { return fmt::format("{} image{}", n, n == 1 ? "" : "s"); }

/// Only the counts that are not zero, but always how many are done.
std::string counts(jobs::images_report const& r) {
  std::string text = fmt::format("{} done", r.done);
  if (r.unsupported != 0) text += fmt::format(", {} not supported yet", r.unsupported);
  if (r.failed != 0) text += fmt::format(", {} failed", r.failed);
  if (r.stopped != 0) text += fmt::format(", {} not done because of the stop", r.stopped);
  return text;
}

std::string row_of(jobs::compare_row const& r) {
  return fmt::format("{:<10} {:>7} {:>8} {:>15} {:>8} {:>8} {:>8} {:>11}", r.model, r.workers,
                     figure(r.wall.median),
                     fmt::format("{} to {}", figure(r.wall.q1), figure(r.wall.q3)), figure(r.cpu),
                     figure(r.rate), figure(r.speed_up), size_text(r.peak_memory));
}

}  // namespace

std::string summary_of(images_outcome const& o) {
  return fmt::format("{} of {}: {} read, {} written, {} s, {} images/s with {}\n", counts(o.report),
                     images_text(o.report.total()), size_text(o.report.bytes_in),
                     size_text(o.report.bytes_out), figure(o.seconds), figure(o.rate()), o.model);
}

std::string table_of(compare_outcome const& o, bool colour) {
  std::string text =
      fmt::format("{} ({} in each run), {} round{} of each model in turn, {}, Linux {}\n\n",
                  images_text(o.each.total()), counts(o.each), o.rounds, o.rounds == 1 ? "" : "s",
                  cpus_text(o.machine.cpus), o.machine.kernel);
  text += fmt::format("{:<10} {:>7} {:>8} {:>15} {:>8} {:>8} {:>8} {:>11}\n", "model", "workers",
                      "wall s", "quartiles s", "CPU s", "images/s", "speed-up", "peak memory");
  for (jobs::compare_row const& r : o.rows) {
    bool const best = colour && r.model == o.advice.model;
    text += fmt::format("{}{}{}\n", best ? bold : "", row_of(r), best ? plain : "");
  }
  return text + fmt::format("\nfits best: {}, because {}\n", o.advice.model, o.advice.reason);
}

std::string head_of(races_outcome const& o) {
  return fmt::format(
             "{} s of real threads for each bug, then {} tries of the explorer, {}, Linux "
             "{}\n\n",
             std::chrono::duration<double>(o.options.stress).count(), o.options.trials,
             cpus_text(o.machine.cpus), o.machine.kernel) +
         fmt::format("{:30} {:<28}   {}\n", "", "   real threads", "  explorer, medians") +
         fmt::format("{:30} {:>9} {:>8} {:>9}   {:>10} {:>9} {:>8}\n", "bug", "runs", "failed",
                     "first at", "found", "schedules", "us");
}

std::string line_of(jobs::race_row const& r) {
  return fmt::format("{:30} {:>9} {:>8} {:>9}   {:>10} {:>9.0f} {:>8}\n", r.bug, r.stress.runs,
                     r.stress.failures,
                     r.stress.failures == 0 ? "-" : std::to_string(r.stress.first),
                     fmt::format("{} of {}", r.search.found, r.search.trials), r.search.schedules,
                     figure(r.search.seconds * 1e6));
}

std::string foot_of(races_outcome const& o) {
  auto const failed = [](jobs::race_row const& r) { return r.stress.failures != 0; };
  auto const found = [](jobs::race_row const& r) { return r.search.found == r.search.trials; };
  return fmt::format("\nreal threads have shown {} of {} bugs, the explorer {} in every try\n",
                     std::ranges::count_if(o.rows, failed), o.rows.size(),
                     std::ranges::count_if(o.rows, found));
}

std::string findings_of(doctor_outcome const& o) {
  os::worker_count const& w = o.workers;
  std::string text = w.refusal.empty()
                         ? fmt::format("{} for a pool that is not told how many: {}\n\n",
                                       workers_text(w.workers), reason_of(w))
                         : one_line(w.refusal) + "\n\n";
  text += fmt::format("affinity         may run on {} of the {} that the system runs\n", w.affinity,
                      cpus_text(o.online));
  auto const* const least = os::tightest(w.quotas);
  for (os::found_quota const& q : w.quotas)
    text += fmt::format("quota            {} of cgroup {} in {}{}\n", quota_text(q.cpus),
                        one_line(q.group), one_line(q.folder),
                        &q == least && w.quotas.size() > 1 ? ", the tightest" : "");
  if (w.quotas.empty()) text += "quota            none, in no cgroup above this process\n";
  text += fmt::format("QUARTET_WORKERS  {}\n", w.variable ? one_line(*w.variable) : "not set");
  auto const& oldest = os::oldest_kernel;
  return text + fmt::format("kernel           Linux {}, {}\n", one_line(o.kernel),
                            o.kernel_fits() ? "which fits"
                                            : fmt::format("too old or unknown: quartet is made for "
                                                          "{}.{} and newer",
                                                          oldest.version, oldest.patchlevel));
}

std::string one_line(std::string_view text) {
  std::string line;
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f)
      line += c;
    else
      line += fmt::format("\\x{:02x}", byte);
  }
  return line;
}

}  // namespace quartet::cli
