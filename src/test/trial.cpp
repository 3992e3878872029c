// SPDX-License-Identifier: Apache-2.0
// Seeds, tokens, and the runs they stand for.
#include "trial.hpp"

#include <charconv>
#include <cstdlib>
#include <stdexcept>

#include "asked.hpp"

namespace quartet::detail {

std::string token_of(schedule const& s) {
  std::string text(16, '0');
  for (std::size_t i = 0; i != 16; ++i) text[i] = "0123456789abcdef"[s.seed >> (60 - 4 * i) & 15U];
  if (s.stop_at != 0) text += '@' + std::to_string(s.stop_at);
  return s.by ? text + '/' + sim::to_text(*s.by) : text;
}

namespace {
// Whether all of `text` is a number.
bool read(std::string_view text, std::uint64_t& to, int base) noexcept {
  char const* const end = text.data() + text.size();
  auto const [at, error] = std::from_chars(text.data(), end, to, base);
  return error == std::errc() && at == end;
}
}  // namespace

schedule schedule_of(std::string_view token) {
  schedule s{0};
  std::string_view const numbers = token.substr(0, token.find('/'));
  std::string_view const seed = numbers.substr(0, numbers.find('@'));
  bool good = seed.size() == 16 && read(seed, s.seed, 16);
  if (good && seed.size() != numbers.size())
    good = read(numbers.substr(seed.size() + 1), s.stop_at, 10) && s.stop_at != 0;
  if (good && numbers.size() != token.size()) {
    s.by = sim::script_of(token.substr(numbers.size() + 1));
    good = s.by.has_value();
  }
  if (!good)
    throw std::invalid_argument("\"" + std::string(token) +
                                "\" is no schedule: a token is sixteen hex digits, as a report "
                                "prints them, perhaps with @ and a number, and with / and a script "
                                "behind");
  return s;
}

std::uint64_t trial::seed(std::uint64_t n) const noexcept {
  std::uint64_t const s = mix64(mix64(options_.seed) + n);
  return s == first_seed ? 1 : s;
}

sim::plan trial::plan_of(std::uint64_t seed) const noexcept {
  return seed == first_seed ? sim::plan{} : sim::plan::of(seed, profile_);
}

sim::mutant const* trial::left_out() {
  static std::optional<sim::mutant> const named = [] {
    char const* const text = std::getenv("QUARTET_MUTANT");
    auto m = text == nullptr ? std::nullopt : sim::mutant::parse(text);
    if (text != nullptr && !m)
      refuse_variable("QUARTET_MUTANT", "is no mutant: it looks like src/core/stop.cpp:44:lock");
    return m;
  }();
  return named ? &*named : nullptr;
}

sim::outline trial::run_by(sim::strategy& s, schedule const& of, sim::tape<sim::step>* steps,
                           bool calls) {
  sim::plan const p = plan_of(of.seed);
  return world_.run(s,
                    {.seed = of.seed,
                     .gang_start = p.gang_start,
                     .uses_decide = options_.uses_decide,
                     .points_max = options_.points_max,
                     .stall_min = options_.stall_min,
                     .may = {.points_percent = options_.faults_percent,
                             .memory_percent = options_.memory_faults_percent,
                             .slow_percent = options_.slow_percent,
                             .surprises = options_.surprises ? p.surprises : sim::no_surprise},
                     .record = steps,
                     .record_calls = calls,
                     .without = left_out(),
                     .stop_at = of.stop_at,
                     .stop_at_once = of.seed % 2 == 0,
                     .leaves_nothing = options_.stops},
                    body_.call, body_.object);
}

sim::outline trial::first() {
  sim::profiler takes(strategies_.of({}));
  sim::outline o = run_by(takes, {first_seed}, nullptr);
  profile_ = takes.taken();
  return o;
}

sim::outline trial::run_told(schedule const& s, sim::tape<sim::step>& steps) {
  if (!s.by) return run_by(strategies_.of(plan_of(s.seed)), s, &steps, true);
  sim::scripted by(*s.by);
  return run_by(by, s, &steps, true);
}

sim::outline trial::run(schedule const& s, sim::tape<sim::step>* steps,
                        sim::tape<sim::deviation>* deviations) {
  if (s.by) {
    sim::scripted by(*s.by);
    if (!s.then) return run_by(by, s, steps);
    sim::branching branches(by, s.then->operations, mix64(s.then->seed));
    return run_by(branches, s, steps);
  }
  sim::strategy& seeded = strategies_.of(plan_of(s.seed));
  if (deviations == nullptr) return run_by(seeded, s, steps);
  sim::recorder records(seeded, *deviations);
  return run_by(records, s, steps);
}

}  // namespace quartet::detail
