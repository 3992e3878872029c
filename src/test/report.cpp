// SPDX-License-Identifier: Apache-2.0
// The report as people read it.
#include <algorithm>

#include <quartet/test/explore.hpp>

namespace quartet {

namespace {

std::string indented(std::string const& lines) {
  std::string text;
  for (std::size_t at = 0; at < lines.size();) {
    std::size_t const end = std::min(lines.find('\n', at), lines.size());
    text += "   " + lines.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return text;
}

std::string counted(std::size_t n, std::string const& one, char const* more) {
  return std::to_string(n) + " " + one + (n == 1 ? "" : more);
}

std::string text_of(explore_failure const& f) {
  std::string text = f.kind + ", in schedule " + std::to_string(f.schedule) + "\n" +
                     indented(f.what) + "how it comes about";
  if (f.shortest != f.token) text += ", with " + counted(f.switches, "forced switch", "es");
  if (f.left_out != 0) text += " and without " + counted(f.left_out, "thread", "s");
  text += ":\n" + f.story + "to see it again: QUARTET_SEED=" + f.token;
  if (f.shortest != f.token) text += "\nthe short way:   QUARTET_SEED=" + f.shortest;
  return text + "\n";
}

}  // namespace

std::string explore_report::text() const {
  std::string text = failure ? text_of(*failure) : "";
  for (std::string const& goal : unreached) text += "never came true: " + goal + "\n";
  if (checkpoints != 0)
    text += std::to_string(checkpoints) + " checkpoints, with a stop at " + std::to_string(stops) +
            " of them\n";
  text += std::to_string(schedules) + " schedules of " + std::to_string(classes) + " classes, ";
  switch (how) {
    case coverage::complete:
      return text + "complete\n";
    case coverage::complete_to_bound:
      return text + "complete to a bound of preemptions\n";
    case coverage::incomplete:
      break;
  }
  return text + "incomplete: the last tenth added " + std::to_string(new_in_last_tenth) +
         " classes\n";
}

}  // namespace quartet
