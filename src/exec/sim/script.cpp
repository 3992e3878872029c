// SPDX-License-Identifier: Apache-2.0
// Writing schedules down, and following what is written.
#include <algorithm>
#include <charconv>

#include <quartet/exec/sim/detail/script.hpp>

namespace quartet::detail::sim {

namespace {

std::size_t plain(turn const& t) noexcept {
  if (t.running != t.all.size()) return t.running;
  auto const first = std::ranges::min_element(t.all, {}, &candidate::thread);
  return static_cast<std::size_t>(first - t.all.begin());
}

std::uint64_t count(std::vector<std::uint64_t>& of, unsigned thread) {
  if (of.size() <= thread) of.resize(thread + 1);
  return ++of[thread];
}

// A number and the character after it, which is taken away, too.
bool take(std::string_view& from, std::uint64_t& to, std::string_view end) {
  auto const [at, error] = std::from_chars(from.data(), from.data() + from.size(), to);
  if (error != std::errc()) return false;
  from.remove_prefix(static_cast<std::size_t>(at - from.data()));
  if (from.empty()) return end.find('\0') != end.npos;
  if (end.find(from.front()) == end.npos) return false;
  from.remove_prefix(1);
  return true;
}

}  // namespace

std::string to_text(script const& s) {
  std::string text;
  for (deviation const& d : s) {
    if (!text.empty()) text += ',';
    text += "tpx"[static_cast<unsigned>(d.in)];
    text += std::to_string(d.thread);
    if (d.in == differs::absence) continue;
    text += '.' + std::to_string(d.point) + '-' + std::to_string(d.to);
  }
  return text;
}

std::optional<script> script_of(std::string_view text) {
  using namespace std::string_view_literals;
  script s;
  while (!text.empty()) {
    std::size_t const kind = "tpx"sv.find(text.front());
    if (kind == ""sv.npos) return {};
    text.remove_prefix(1);
    std::uint64_t thread = 0;
    deviation d{differs(kind), 0};
    bool const absent = d.in == differs::absence;
    if (!take(text, thread, absent ? ",\0"sv : "."sv)) return {};
    if (!absent && (!take(text, d.point, "-") || !take(text, d.to, ",\0"sv))) return {};
    d.thread = static_cast<unsigned>(thread);
    s.push_back(d);
  }
  return s;
}

scripted::scripted(script s) { follow(std::move(s)); }

void scripted::follow(script s) {
  script_ = std::move(s);
  std::ranges::sort(script_);
}

void scripted::begin(std::uint64_t) { picks_.clear(); }

deviation const* scripted::find(differs in, unsigned thread, std::uint64_t point) const noexcept {
  auto const at = std::ranges::lower_bound(script_, deviation{in, thread, point, 0});
  bool const there =
      at != script_.end() && at->in == in && at->thread == thread && at->point == point;
  return there ? &*at : nullptr;
}

std::size_t scripted::choose(turn const& t) {
  if (deviation const* const d = find(differs::turn, t.last, t.point))
    for (std::size_t i = 0; i != t.all.size(); ++i)
      if (t.all[i].thread == d->to) return i;
  return plain(t);
}

std::size_t scripted::pick(unsigned thread, std::size_t n) {
  deviation const* const d = find(differs::outcome, thread, count(picks_, thread));
  return d != nullptr && d->to < n ? d->to : 0;
}

bool scripted::strikes(unsigned thread, unsigned) {
  return find(differs::outcome, thread, count(picks_, thread)) != nullptr;
}

bool scripted::takes_part(unsigned thread) { return find(differs::absence, thread, 0) == nullptr; }

void branching::begin(std::uint64_t seed) {
  happened_ = 0;
  first_.begin(seed);
}

std::size_t branching::choose(turn const& t) {
  return branched() ? later_.below(t.all.size()) : first_.choose(t);
}

std::size_t branching::pick(unsigned thread, std::size_t n) {
  return branched() ? later_.below(n) : first_.pick(thread, n);
}

bool branching::strikes(unsigned thread, unsigned chances) {
  return !branched() && first_.strikes(thread, chances);
}

void recorder::begin(std::uint64_t seed) {
  to_.clear();
  picks_.clear();
  by_.begin(seed);
}

std::size_t recorder::choose(turn const& t) {
  std::size_t const chosen = by_.choose(t);
  if (chosen < t.all.size() && chosen != plain(t))
    to_.push({differs::turn, t.last, t.point, t.all[chosen].thread});
  return chosen;
}

std::size_t recorder::pick(unsigned thread, std::size_t n) {
  std::uint64_t const nth = count(picks_, thread);
  std::size_t const chosen = by_.pick(thread, n);
  if (chosen != 0) to_.push({differs::outcome, thread, nth, chosen});
  return chosen;
}

bool recorder::strikes(unsigned thread, unsigned chances) {
  std::uint64_t const nth = count(picks_, thread);
  bool const does = by_.strikes(thread, chances);
  if (does) to_.push({differs::outcome, thread, nth, 1});
  return does;
}

}  // namespace quartet::detail::sim
