// SPDX-License-Identifier: Apache-2.0
// Interleaved runs of the same work under several models.
#include <algorithm>
#include <functional>
#include <optional>
#include <stdexcept>

#include <quartet/jobs/compare/compare.hpp>
#include <quartet/os/cpu_quota.hpp>

#include "measure.hpp"

namespace quartet::jobs {

namespace {

constexpr unsigned most_rounds = 1000;

std::vector<model const*> chosen(compare_options const& o) {
  std::vector<model const*> all;
  for (std::string const& name : o.models) all.push_back(&find_model(name));
  if (all.empty())
    for (model const& m : all_models())
      if (!m.simulated) all.push_back(&m);
  return all;
}

void require_valid(compare_options const& o) {
  check(pool_options{.workers = o.workers});
  if (o.rounds == 0 || o.rounds > most_rounds)
    throw std::invalid_argument("rounds must be 1 to 1000, not " + std::to_string(o.rounds));
}

struct runs_of_model {
  std::vector<double> wall, cpu;
  std::uint64_t peak_memory = 0;
};

/// Measures one run and checks that it did as much as the others.
void run_once(model const& m, unsigned workers, compare_work const& work,
              std::optional<std::size_t>& items, runs_of_model& into) {
  std::size_t done = 0;
  cost const c = measure([&](std::function<void()> const& before_end) {
    any_executor on = make_executor(m.name, {.workers = m.parallel ? workers : 0});
    done = work(on);
    before_end();
  });
  if (items.value_or(done) != done)
    throw std::runtime_error("'" + std::string(m.name) + "' did " + std::to_string(done) +
                             " items where another run did " + std::to_string(*items) +
                             ": the figures would not compare the same work");
  items = done;
  into.wall.push_back(c.wall);
  into.cpu.push_back(c.cpu);
  into.peak_memory = std::max(into.peak_memory, c.peak_memory);
}

compare_row row_of(model const& m, unsigned workers, runs_of_model const& runs, std::size_t items) {
  compare_row r;
  r.model = m.name;
  r.workers = m.parallel ? workers : 1;
  r.wall = spread_of(runs.wall);
  r.cpu = spread_of(runs.cpu).median;
  r.rate = r.wall.median > 0 ? static_cast<double>(items) / r.wall.median : 0;
  r.peak_memory = runs.peak_memory;
  r.runs = static_cast<unsigned>(runs.wall.size());
  return r;
}

double quantile(std::vector<double> const& sorted, double q) {
  double const at = q * static_cast<double>(sorted.size() - 1);
  auto const below = static_cast<std::size_t>(at);
  auto const above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - static_cast<double>(below));
}

}  // namespace

spread spread_of(std::vector<double> values) {
  if (values.empty()) throw std::invalid_argument("a median of no values");
  std::ranges::sort(values);
  return {quantile(values, 0.5), quantile(values, 0.25), quantile(values, 0.75)};
}

std::vector<compare_row> compare(
    compare_options const& options, compare_work const& work,
    std::function<void(unsigned, unsigned, std::string_view)> const& told) {
  require_valid(options);
  auto const models = chosen(options);
  unsigned const workers = options.workers != 0 ? options.workers : os::default_workers();
  unsigned const of = options.rounds * static_cast<unsigned>(models.size());
  std::vector<runs_of_model> runs(models.size());
  std::optional<std::size_t> items;
  unsigned number = 0;
  for (unsigned round = 0; round != options.rounds; ++round)
    for (std::size_t i = 0; i != models.size(); ++i) {
      if (options.stop != nullptr && options.stop->requested()) throw stopped();
      if (told) told(++number, of, models[i]->name);
      run_once(*models[i], workers, work, items, runs[i]);
    }
  std::vector<compare_row> rows;
  for (std::size_t i = 0; i != models.size(); ++i) {
    rows.push_back(row_of(*models[i], workers, runs[i], items.value_or(0)));
    rows.back().speed_up = rows.front().wall.median / rows.back().wall.median;
  }
  return rows;
}

}  // namespace quartet::jobs
