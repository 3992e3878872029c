// SPDX-License-Identifier: Apache-2.0
// Who waits for whom, which uses race, which turns were taken.
#include "story.hpp"

#include <algorithm>

namespace quartet::detail {

namespace {

using sim::unfinished;

// Not by operator+ with the literal first, about which GCC 12 warns for nothing.
std::string number(unsigned object) { return std::string(1, '#') += std::to_string(object); }
std::string in_quotes(std::string const& name) { return std::string(1, '"').append(name) += '"'; }

std::string padded(std::string text, std::size_t width) {
  return text + std::string(text.size() < width ? width - text.size() : 1, ' ');
}

constexpr char const* inevitable = "   from here on every continuation that was tried failed\n";

unfinished const* find(sim::outline const& o, int thread) {
  auto const at = std::ranges::find(o.left, static_cast<unsigned>(thread), &unfinished::thread);
  return thread >= 0 && at != o.left.end() ? &*at : nullptr;
}

}  // namespace

// Who holds what the one before waits for, until one comes again.
std::string story::cycle(sim::outline const& o) const {
  for (unfinished const& start : o.left) {
    std::vector<unfinished const*> seen;
    unfinished const* u = &start;
    while (u != nullptr && std::ranges::find(seen, u) == seen.end()) {
      seen.push_back(u);
      u = u->waits ? find(o, u->holder) : nullptr;
    }
    if (u != &start) continue;
    std::string text = "a cycle: ";
    for (unfinished const* const each : seen) text += in_quotes(name_of(each->thread)) + " -> ";
    return text + in_quotes(name_of(start.thread)) + "\n";
  }
  return "";
}

std::string text_of(place const& where) {
  if (where.line == 0) return *where.function == '\0' ? "its start" : where.function;
  return os::short_path(where.file) + ":" + std::to_string(where.line) + " (" + where.function +
         ")";
}

story::story(std::span<sim::step const> steps, std::vector<std::string> const& names)
    : steps_(steps), names_(names) {
  for (sim::step const& s : steps)
    for (void const* const code : s.calls) code_.want(code);
}

std::vector<std::string> names_in(sim::world const& w, sim::outline const& o) {
  std::vector<std::string> names;
  for (unsigned i = 0; i != w.threads(); ++i) names.push_back(w.thread_name(i));
  for (unfinished const& u : o.left)
    if (u.on >= 0) names.push_back(u.name);
  return names;
}

std::string story::name_of(unsigned thread) const {
  if (thread >= names_.size()) return std::string("thread ") += std::to_string(thread);
  std::string const& name = names_[thread];
  return std::ranges::count(names_, name) == 1 ? name : name + " " + std::to_string(thread);
}

story::act story::act_of(sim::step const& s) {
  act a{seam::name(s.what.what), text_of(s.what.where), s.object};
  std::string verb;
  for (void const* const code : s.calls) {
    if (code == nullptr) break;
    for (os::code_frame const& f : code_.at(code)) {
      if (!f.ours && !f.place.empty())
        return {verb.empty() || s.what.what >= seam::kind::fault ? a.verb : verb,
                f.place + " (" + f.function + ")", s.object};
      if (!f.function.starts_with("_") && !f.function.starts_with("~")) verb = f.function;
    }
  }
  return a;
}

// The last step of a thread among the first so many.
sim::step const* story::last_of(unsigned thread, std::size_t before) const noexcept {
  for (std::size_t i = std::min(before, steps_.size()); i-- > 0;)
    if (steps_[i].thread == thread) return &steps_[i];
  return nullptr;
}

std::string story::where(unsigned thread, std::size_t steps, place const& otherwise) {
  sim::step const* const s = last_of(thread, steps);
  return s == nullptr ? text_of(otherwise) : act_of(*s).place;
}

std::string story::locks(unsigned thread, std::vector<sim::held> const& held) {
  std::string text;
  for (sim::held const& l : held)
    text += (text.empty() ? ", holds lock " : " and lock ") + number(l.object) + ", taken at " +
            (os::is_ours(l.where.file) ? where(thread, l.step, l.where) : text_of(l.where));
  return text;
}

std::string story::waits_for(sim::outline const& o, unfinished const& u) {
  bool const task = u.on >= 0;
  unsigned const thread = task ? static_cast<unsigned>(u.on) : u.thread;
  std::string const at = os::is_ours(u.last.where.file)
                             ? where(thread, task ? u.step : u.step + 1, u.last.where)
                             : text_of(u.last.where);
  std::string text = in_quotes(name_of(u.thread));
  if (!u.waits)
    text += (task ? " could go on, and nobody runs it, at " : " could go on at ") + at;
  else if (u.last.what == seam::kind::thread_join && !task)
    text += " waits for a thread to end, at " + at;
  else if (u.for_lock) {
    unfinished const* const h = find(o, u.holder);
    text += " waits for lock " + number(u.object) + " at " + at;
    if (h != nullptr)
      text += ", which " + in_quotes(name_of(h->thread)) + " holds";
    else if (u.holder >= 0)
      text += ", which a thread held that has ended";
  } else
    text += " waits at " + at;
  return text + locks(thread, u.holds);
}

std::string story::waiting(sim::outline const& o) {
  std::string text = cycle(o);
  for (unfinished const& u : o.left) text += waits_for(o, u) + "\n";
  return text;
}

std::string story::use(sim::racing_use const& u) {
  std::string at = "an unknown line: there is no addr2line, or the program has no line numbers";
  for (os::code_frame const& f : code_.at(u.code))
    if (!f.place.empty() && !f.ours) {
      at = f.place + " (" + f.function + ")";
      break;
    }
  return in_quotes(name_of(u.thread)) + (u.writes ? " writes at " : " reads at ") + at +
         (u.holds.empty() ? ", holds no lock" : locks(u.thread, u.holds)) + "\n";
}

std::string story::broken_after(sim::outline const& o) {
  if (o.after.where.line == 0) return " before its first operation";
  act a{seam::name(o.after.what), text_of(o.after.where), 0};
  sim::step const* const s = last_of(o.thread, steps_.size());
  if (s != nullptr && s->what.where.line == o.after.where.line) a = act_of(*s);  // all are recorded
  return " after " + a.verb + " at " + a.place;
}

// The innermost one that is the body's.
std::string story::caller(sim::stray_call const& c) {
  for (void const* const code : c.callers) code_.want(code);
  for (bool lines = false; void const* const code : c.callers) {
    if (code == nullptr) break;
    for (os::code_frame const& f : code_.at(code)) {
      if (!f.ours && !f.place.empty()) return f.place + " (" + f.function + ")";
      lines = lines || !f.place.empty();
    }
    std::string const at = os::offset_of(code);
    if (!lines && at.find(".so") == std::string::npos) return at;  // the program has none
  }
  return "an unknown line: the compiler made a jump of the call, or one function of two";
}

std::string story::stray(sim::stray_call const& c) {
  std::string text = std::string(c.function) + ", called at " + caller(c);
  if (c.holder >= 0)
    text += ", would wait for \"" + name_of(static_cast<unsigned>(c.holder)) + "\"";
  return text + "; " + c.instead + "\n";
}

std::string story::what_went_wrong(sim::outline const& o) {
  switch (o.how) {
    case sim::verdict::check:
      return o.what + ", at " + text_of(o.where) + "\n";
    case sim::verdict::invariant:
      return o.what + ", at " + text_of(o.where) + "\nbroken by " + in_quotes(name_of(o.thread)) +
             broken_after(o) + "\n";
    case sim::verdict::exception:
      return o.what + ", thrown out of " + in_quotes(name_of(o.thread)) + " after " +
             where(o.thread, steps_.size(), o.where) + "\n";
    case sim::verdict::race:
      return use(o.first) + use(o.second) + "and nothing orders the two\n";
    case sim::verdict::escape:
      return stray(o.stray);
    case sim::verdict::deadlock:
    case sim::verdict::leak:
      return waiting(o);
    case sim::verdict::remains:
      return "everything has ended, and of the data watched " + std::to_string(o.data) +
             " were not destroyed: a frame, a call or a scope is still there\n";
    case sim::verdict::stall:
      return "only its deadline ended the wait of " + in_quotes(name_of(o.thread)) + " at " +
             where(o.thread, steps_.size(), o.where) + "\n" + waiting(o);
    case sim::verdict::endless:
      return "it still goes on after " + std::to_string(o.points) + " operations, now at " +
             text_of(o.where) + "\n" + waiting(o);
    default:
      return o.what + "\n";
  }
}

std::string story::turn(std::size_t begin, std::size_t end, bool all) {
  constexpr std::size_t ends = 4;  // acts shown at each end of a long turn
  std::vector<act> acts;
  for (std::size_t i = begin; i != end; ++i)
    if (act a = act_of(steps_[i]);
        acts.empty() || acts.back().verb != a.verb || acts.back().place != a.place || all)
      acts.push_back(std::move(a));
  std::string text;
  for (std::size_t i = 0; i != acts.size(); ++i) {
    if (!all && acts.size() > 2 * ends + 1 && i == ends) {
      text += "      ... " + std::to_string(acts.size() - 2 * ends) + " more\n";
      i = acts.size() - ends;
    }
    text += "      " + padded(acts[i].verb, 24) + padded(number(acts[i].object), 5) +
            acts[i].place + "\n";
  }
  return text;
}

std::string story::told(bool all, std::optional<std::uint64_t> inevitable_after) {
  std::uint64_t const lost = inevitable_after.value_or(~std::uint64_t{0});
  std::string text;
  for (std::size_t i = 0; i < steps_.size();) {
    unsigned const thread = steps_[i].thread;
    std::size_t end = i;
    while (end < steps_.size() && steps_[end].thread == thread && (end != lost || end == i)) ++end;
    if (i == lost) text += inevitable;
    text += "   " + in_quotes(name_of(thread)) + ":\n" + turn(i, end, all);
    i = end;
  }
  return lost == steps_.size() ? text + inevitable : text;
}

}  // namespace quartet::detail
