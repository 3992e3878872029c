// SPDX-License-Identifier: Apache-2.0
// Histories in words.
#include <algorithm>

#include <quartet/test/history.hpp>

namespace quartet::detail {

namespace {

std::string interval(told_operation const& o) {
  std::string const end = o.returned == end_of_history ? "..." : std::to_string(o.returned);
  std::string const text = "[" + std::to_string(o.invoked) + ", " + end + "] ";
  return text + std::string(text.size() < 11 ? 11 - text.size() : 0, ' ');
}

}  // namespace

std::string text_of_unexplained(std::vector<told_operation> const& all,
                                std::vector<std::string> const& before) {
  std::string text = "a history that no order explains\n";
  std::vector<void const*> threads;
  std::uint64_t last = 0;
  for (told_operation const& o : all) {
    if (std::ranges::find(threads, o.thread) == threads.end()) threads.push_back(o.thread);
    if (o.returned != end_of_history) last = std::max(last, o.returned);
  }
  for (std::size_t i = 0; i != threads.size(); ++i) {
    text += "   one thread:\n";
    for (told_operation const& o : all)
      if (o.thread == threads[i]) text += "      " + interval(o) + o.text + "\n";
  }
  text += "   without the return at " + std::to_string(last) + " it could have been:";
  for (std::string const& each : before) text += (&each == before.data() ? " " : ", ") + each;
  return text + (before.empty() ? " nothing" : "");
}

std::string text_of_too_long(std::size_t operations, std::size_t operations_max) {
  return "a history of " + std::to_string(operations) + " operations, more than the " +
         std::to_string(operations_max) +
         " that can be checked: record fewer, or several histories one after the other";
}

std::string text_of_too_wide() {
  return "a history that may have had more orders than can be tried: record fewer operations at "
         "the same time, or give the model a std::hash";
}

}  // namespace quartet::detail
