// SPDX-License-Identifier: Apache-2.0
// Who waits for whom, which uses race, which turns were taken.
#include "story.hpp"

#include <algorithm>

#include "code_place.hpp"

namespace quartet::detail {

namespace {

using sim::unfinished;

std::string quoted(std::string const& name) { return "\"" + name + "\""; }
std::string number(unsigned object) { return "#" + std::to_string(object); }

std::string holding(std::vector<std::pair<unsigned, place>> const& locks) {
  std::string text;
  for (auto const& [object, where] : locks)
    text += (text.empty() ? ", holds lock " : " and lock ") + number(object) + ", taken at " +
            text_of(where);
  return text;
}

unfinished const* find(sim::outline const& o, int thread) {
  auto const at = std::ranges::find(o.left, static_cast<unsigned>(thread), &unfinished::thread);
  return thread >= 0 && at != o.left.end() ? &*at : nullptr;
}

std::string waits_for(sim::outline const& o, unfinished const& u) {
  std::string text = quoted(u.name);
  if (!u.waits)
    text += " could go on at " + text_of(u.last.where);
  else if (u.last.what == seam::kind::thread_join)
    text += " waits for a thread to end, at " + text_of(u.last.where);
  else if (u.last.what == seam::kind::lock) {
    unfinished const* const h = find(o, u.holder);
    text += " waits for lock " + number(u.object) + " at " + text_of(u.last.where);
    if (h != nullptr)
      text += ", which " + quoted(h->name) + " holds";
    else if (u.holder >= 0)
      text += ", which a thread held that has ended";
  } else
    text += " waits at " + text_of(u.last.where);
  return text + holding(u.holds);
}

// Who holds what the one before waits for, until one comes again.
std::string cycle(sim::outline const& o) {
  for (unfinished const& start : o.left) {
    std::vector<unfinished const*> seen;
    unfinished const* u = &start;
    while (u != nullptr && std::ranges::find(seen, u) == seen.end()) {
      seen.push_back(u);
      u = u->waits ? find(o, u->holder) : nullptr;
    }
    if (u != &start) continue;
    std::string text = "a cycle: ";
    for (unfinished const* const each : seen) text += quoted(each->name) + " -> ";
    return text + quoted(start.name) + "\n";
  }
  return "";
}

std::string waiting(sim::outline const& o) {
  std::string text = cycle(o);
  for (unfinished const& u : o.left) text += waits_for(o, u) + "\n";
  return text;
}

std::string use(sim::racing_use const& u) {
  return quoted(u.name) + (u.writes ? " writes at " : " reads at ") + place_of_code(u.code) +
         (u.holds.empty() ? ", holds no lock" : holding(u.holds)) + "\n";
}

std::string step_text(sim::step const& s) {
  std::string const kind = seam::name(s.what.what);
  return "      " + kind + std::string(kind.size() < 16 ? 16 - kind.size() : 1, ' ') +
         number(s.object) +
         std::string(s.object < 10    ? 3
                     : s.object < 100 ? 2
                                      : 1,
                     ' ') +
         text_of(s.what.where) + "\n";
}

}  // namespace

std::string text_of(place const& where) {
  if (where.line == 0) return "its start";
  return short_path(where.file) + ":" + std::to_string(where.line) + " (" + where.function + ")";
}

std::string what_went_wrong(sim::outline const& o) {
  switch (o.how) {
    case sim::verdict::check:
      return o.what + ", at " + text_of(o.where) + "\n";
    case sim::verdict::exception:
      return o.what + ", thrown out of thread " + std::to_string(o.thread) + " after " +
             text_of(o.where) + "\n";
    case sim::verdict::race:
      return use(o.first) + use(o.second) + "and nothing orders the two\n";
    case sim::verdict::deadlock:
    case sim::verdict::leak:
      return waiting(o);
    case sim::verdict::stall:
      return "only its deadline ended the wait at " + text_of(o.where) + "\n" + waiting(o);
    case sim::verdict::endless:
      return "it still goes on after " + std::to_string(o.points) + " operations, now at " +
             text_of(o.where) + "\n" + waiting(o);
    default:
      return "";
  }
}

std::string story_of(std::span<sim::step const> steps, std::vector<std::string> const& names,
                     bool all) {
  constexpr std::size_t ends = 4;  // steps shown at each end of a long turn
  std::string text;
  for (std::size_t i = 0; i < steps.size();) {
    unsigned const thread = steps[i].thread;
    std::size_t end = i;
    while (end < steps.size() && steps[end].thread == thread) ++end;
    text += "   " + (thread < names.size() ? names[thread] : std::to_string(thread)) + " (thread " +
            std::to_string(thread) + "):\n";
    for (std::size_t s = i; s != end; ++s) {
      if (!all && end - i > 2 * ends + 1 && s == i + ends) {
        text += "      ... " + std::to_string(end - i - 2 * ends) + " more steps\n";
        s = end - ends;
      }
      text += step_text(steps[s]);
    }
    i = end;
  }
  return text;
}

}  // namespace quartet::detail
