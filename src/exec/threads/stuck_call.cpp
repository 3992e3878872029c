// SPDX-License-Identifier: Apache-2.0
// The words about stuck calls.
#include "stuck_call.hpp"

#include <chrono>
#include <sstream>

namespace quartet::detail::pool {

namespace {

std::string milliseconds(duration d) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(d).count()) + " ms";
}

/// The functions of the stack that are neither quartet's nor the standard library's.
std::vector<std::string> lines_of(std::vector<void const*> const& stack, os::code_places& places) {
  std::vector<std::string> lines;
  for (void const* const code : stack) places.want(code);
  for (void const* const code : stack) {
    auto const& frames = places.at(code);
    if (frames.empty()) lines.push_back(os::offset_of(code));
    for (os::code_frame const& f : frames)
      if (!f.ours)
        lines.push_back(f.function + " (" + (f.place.empty() ? os::offset_of(code) : f.place) +
                        ")");
  }
  if (lines.empty() && !stack.empty()) lines.push_back(os::offset_of(stack.front()));
  return lines;
}

void say_task(std::ostream& out, task_line const& t, char const* relation) {
  out << "    " << relation << (t.name.empty() ? "a task without a name" : "the task " + t.name);
  if (!t.place.empty()) out << ", spawned at " << t.place;
  out << "\n";
}

}  // namespace

std::string stuck_call::key() const {
  std::ostringstream out;
  out << pool << '\n' << spins;
  for (void const* const code : stack) out << '\n' << code;
  return out.str();
}

std::string stuck_call::text(os::code_places& places) const {
  std::ostringstream out;
  out << "quartet: a call keeps a worker of \"" << pool << "\" and "
      << (spins ? "goes round in a circle" : "waits in the system");
  if (!system_call.empty()) out << " (" << system_call << ")";
  out << ", for " << milliseconds(since) << " at least, while others wait for a worker:\n";
  for (std::string const& line : lines_of(stack, places)) out << "    at " << line << "\n";
  for (std::size_t i = 0; i != tasks.size(); ++i) say_task(out, tasks[i], i == 0 ? "in " : "of ");
  out << (relieved ? "  Another thread does what waits. " : "  No thread can take its place. ");
  if (spins)
    out << "Let it wait by an event, a latch or a channel of quartet, which costs nothing.\n";
  else
    out << "Say so beforehand: blocking(f) gives the worker away at once.\n";
  return out.str();
}

}  // namespace quartet::detail::pool
