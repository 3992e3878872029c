// SPDX-License-Identifier: Apache-2.0
// From affinity, quotas and QUARTET_WORKERS to a number.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include <quartet/os/affinity.hpp>
#include <quartet/os/cpu_quota.hpp>

namespace quartet::os {

namespace {

// 0 if it is no number of workers.
unsigned parse_workers(std::string_view text) {
  unsigned n = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  bool const whole = error == std::errc() && end == text.data() + text.size();
  return whole && n <= max_workers ? n : 0;
}

std::string refusal_of(std::string const& text) {
  return "QUARTET_WORKERS is \"" + text + "\", which is no number of workers: give one from 1 to " +
         std::to_string(max_workers) + ", or unset it";
}

// What the machine gives us.
worker_count count_cpus(std::string const& root) {
  worker_count c;
  c.affinity = static_cast<unsigned>(affinity().size());
  c.quotas = cpu_quotas(root);
  c.cpus = std::max(1u, c.affinity);
  auto const* const least = tightest(c.quotas);
  if (least != nullptr && std::ceil(least->cpus) < c.cpus) {
    c.cpus = std::max(1u, static_cast<unsigned>(std::ceil(least->cpus)));
    c.by = workers_by::quota;
  }
  c.workers = c.cpus;
  return c;
}

}  // namespace

unsigned available_cpus(std::string const& root) { return count_cpus(root).cpus; }

worker_count count_workers(std::string const& root) {
  worker_count c = count_cpus(root);
  char const* const text = std::getenv("QUARTET_WORKERS");
  if (text == nullptr) return c;
  c.variable = text;
  c.workers = parse_workers(text);
  c.by = workers_by::variable;
  if (c.workers == 0) c.refusal = refusal_of(text);
  return c;
}

bool default_workers_may_change() noexcept { return std::getenv("QUARTET_WORKERS") == nullptr; }

unsigned default_workers() {
  worker_count const c = count_workers();
  if (!c.refusal.empty()) throw std::invalid_argument(c.refusal);
  return c.workers;
}

}  // namespace quartet::os
