// SPDX-License-Identifier: Apache-2.0
// The registry of models.
#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <quartet/exec/inline/inline_executor.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/processes/process_pool.hpp>
#include <quartet/exec/sim/simulator.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/models/make_executor.hpp>

namespace quartet {

namespace {

template <class E> std::unique_ptr<executor_base> make_single(pool_options const& o) {
  check(o);
  return std::make_unique<E>();
}
template <class E> std::unique_ptr<executor_base> make_pool(pool_options const& o) {
  return std::make_unique<E>(o);
}

std::unique_ptr<executor_base> make_simulator(pool_options const& o) {
  simulator_options s;
  if (o.workers != 0) s.workers = o.workers;
  return std::make_unique<simulator>(s);
}

// Columns: name, executor, fits, local, parallel, simulated, make.
constexpr model models[] = {
    {"sync", "inline_executor", "neither waiting nor computing; debugging; the baseline", true,
     false, false, &make_single<inline_executor>},
    {"async", "event_loop", "waiting for the outside world", true, false, false,
     &make_single<event_loop>},
    {"threads", "thread_pool", "computing on shared data", true, true, false,
     &make_pool<thread_pool>},
    {"processes", "process_pool", "computing that may hang, crash, leak or be hostile", false, true,
     false, &make_pool<process_pool>},
    {"sim", "simulator", "the same run again by its seed; timeouts in no time", true, true, true,
     &make_simulator},
};

/// Levenshtein distance: edits that make one word of the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t const change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row.back();
}

std::string unknown(std::string_view name) {
  std::string text = "no model is called '" + std::string(name) + "'";
  auto const nearest =
      std::ranges::min_element(models, {}, [&](model const& m) { return distance(name, m.name); });
  if (distance(name, nearest->name) <= 2)
    text += "; did you mean '" + std::string(nearest->name) + "'?";
  else
    text += ".";
  text += " There are:";
  for (model const& m : models) text += " " + std::string(m.name);
  return text;
}

}  // namespace

std::span<model const> all_models() noexcept { return models; }

model const& find_model(std::string_view name) {
  for (model const& m : models)
    if (m.name == name) return m;
  throw std::invalid_argument(unknown(name));
}

any_executor make_executor(std::string_view name, pool_options o) {
  return any_executor(find_model(name).make(o));
}

any_local_executor make_local_executor(std::string_view name, pool_options o) {
  model const& m = find_model(name);
  if (!m.local)
    throw std::invalid_argument("'" + std::string(name) +
                                "' runs its calls in other processes and takes only calls that can "
                                "be sent there: use make_executor");
  return any_local_executor(m.make(o));
}

}  // namespace quartet
