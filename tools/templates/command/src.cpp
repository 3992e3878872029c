// SPDX-License-Identifier: Apache-2.0
// @NAME@: one input after the other; a bad one does not stop the rest.
#include <stdexcept>

#include <quartet/jobs/@NAME@/run_@NAME@.hpp>

namespace quartet::jobs {

@NAME@_result run_@NAME@(@NAME@_options const& options) {
  if (options.inputs.empty()) throw std::invalid_argument("no input given; name one");
  @NAME@_result result;
  for (std::string const& input : options.inputs) {
    if (input.empty()) {
      result.failed.push_back("an input has an empty name; leave it out");
    } else {
      ++result.done;
    }
  }
  return result;
}

}  // namespace quartet::jobs
