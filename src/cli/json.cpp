// SPDX-License-Identifier: Apache-2.0
// The one file that knows nlohmann's JSON.
#include "json.hpp"

#include <nlohmann/json.hpp>

namespace quartet::cli {

namespace {

using object = nlohmann::ordered_json;  // keys stay in the order in which they are written here

std::string line_of(object const& o) {
  return o.dump(-1, ' ', false, object::error_handler_t::replace) + "\n";
}

char const* name_of(jobs::image_status s) {
  switch (s) {
    case jobs::image_status::done:
      return "done";
    case jobs::image_status::unsupported:
      return "unsupported";
    case jobs::image_status::failed:
      return "failed";
  }
  return "failed";
}

char const* name_of(os::workers_by by) {
  switch (by) {
    case os::workers_by::affinity:
      return "affinity";
    case os::workers_by::quota:
      return "quota";
    case os::workers_by::variable:
      return "QUARTET_WORKERS";
  }
  return "affinity";
}

object object_of(jobs::images_report const& r) {
  return {{"images", r.total()},
          {"done", r.done},
          {"unsupported", r.unsupported},
          {"failed", r.failed},
          {"stopped", r.stopped}};
}

object object_of(jobs::compare_row const& r) {
  return {{"model", r.model},
          {"workers", r.workers},
          {"wall_s", {{"median", r.wall.median}, {"q1", r.wall.q1}, {"q3", r.wall.q3}}},
          {"cpu_s", r.cpu},
          {"images_per_s", r.rate},
          {"speed_up", r.speed_up},
          {"peak_memory_bytes", r.peak_memory},
          {"runs", r.runs}};
}

}  // namespace

std::string json_of(images_outcome const& o) {
  object problems = object::array();
  for (jobs::image_result const& p : o.problems)
    problems.push_back({{"input", p.input}, {"status", name_of(p.status)}, {"message", p.message}});
  object all{{"command", "images"},
             {"in", o.in},
             {"out", o.out},
             {"model", o.model},
             {"workers", o.workers},
             {"seconds", o.seconds},
             {"images_per_s", o.rate()},
             {"bytes_in", o.report.bytes_in},
             {"bytes_out", o.report.bytes_out}};
  all.update(object_of(o.report));
  all["problems"] = std::move(problems);
  return line_of(all);
}

std::string json_of(compare_outcome const& o) {
  object rows = object::array();
  for (jobs::compare_row const& r : o.rows) rows.push_back(object_of(r));
  object const all{{"command", "compare images"},
                   {"machine", {{"cpus", o.machine.cpus}, {"kernel", o.machine.kernel}}},
                   {"options",
                    {{"in", o.in},
                     {"width", o.image.width},
                     {"quality", o.image.quality},
                     {"rounds", o.rounds},
                     {"workers", o.workers}}},
                   {"each_run", object_of(o.each)},
                   {"rows", std::move(rows)},
                   {"advice", {{"model", o.advice.model}, {"reason", o.advice.reason}}}};
  return line_of(all);
}

std::string json_of(doctor_outcome const& o) {
  os::worker_count const& w = o.workers;
  object quotas = object::array();
  for (os::found_quota const& q : w.quotas)
    quotas.push_back(
        {{"cgroup", q.group}, {"folder", q.folder}, {"version", q.version}, {"cpus", q.cpus}});
  object const all{{"command", "doctor"},
                   {"fine", o.fine()},
                   {"workers", w.workers},
                   {"decided_by", name_of(w.by)},
                   {"cpus", w.cpus},
                   {"affinity", w.affinity},
                   {"online", o.online},
                   {"quotas", std::move(quotas)},
                   {"QUARTET_WORKERS", w.variable ? object(*w.variable) : object()},
                   {"refusal", w.refusal.empty() ? object() : object(w.refusal)},
                   {"kernel", o.kernel},
                   {"kernel_fits", o.kernel_fits()}};
  return line_of(all);
}

}  // namespace quartet::cli
