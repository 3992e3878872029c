// SPDX-License-Identifier: Apache-2.0
// The exception that ends the program with exit code 2.
#pragma once

#include <stdexcept>

namespace quartet::cli {

/// What is wrong with the command line, and what to write instead.
class usage_error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace quartet::cli
