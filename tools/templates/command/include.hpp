// SPDX-License-Identifier: Apache-2.0
// The work of `quartet @NAME@`: options in, a result out; no parsing, no printing.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace quartet::jobs {

/// What `run_@NAME@` is asked to do.
/// Threads: a value. Stop: not concerned. Errors: checked by run_@NAME@. Lifetime: a value.
struct @NAME@_options {
  std::vector<std::string> inputs;
};

/// What came of it.
/// Threads: a value. Stop: not concerned. Errors: counted in `failed`. Lifetime: a value.
struct @NAME@_result {
  std::size_t done = 0;
  std::vector<std::string> failed;  ///< a message for each input that could not be used
};

/// Does the work for every input. Blocks: the thread.
/// Errors: std::invalid_argument if there is no input; a bad input is reported in the result.
@NAME@_result run_@NAME@(@NAME@_options const& options);

}  // namespace quartet::jobs
