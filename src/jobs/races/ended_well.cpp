// SPDX-License-Identifier: Apache-2.0
// How it ended, in words.
#include "ended_well.hpp"

#include <stdexcept>
#include <string>

namespace quartet::jobs::races {

void ended_well(char const* does, detail::child_end const& end) {
  if (end.well()) return;
  throw std::runtime_error("a process that " + std::string(does) + " a small bug has ended with " +
                           (end.signal != 0 ? "signal " + std::to_string(end.signal)
                                            : "code " + std::to_string(end.code)) +
                           "; is there room for more threads and their stacks?");
}

}  // namespace quartet::jobs::races
