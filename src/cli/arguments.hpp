// SPDX-License-Identifier: Apache-2.0
// What a command takes, declared without naming the library that parses it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace quartet::cli {

/// A flag as a person sees it.
struct flag {
  std::string_view name;      ///< "--width"
  std::string_view value;     ///< what stands for its value in --help: "N"; empty: it takes none
  std::string_view fallback;  ///< its value when it is not given, for --help; may be empty
  std::string_view help;
};

/// Where a command declares what it takes. Effects run while the command line is parsed; they
/// refuse a value by throwing usage_error.
class arguments {
 public:
  virtual ~arguments() = default;
  /// A word that must be there, in the order of declaration.
  virtual void positional(std::string_view name, std::string_view help, std::string& into) = 0;
  /// All words from the first that is no flag on, whatever they look like.
  virtual void rest(std::string_view name, std::string_view help,
                    std::vector<std::string>& into) = 0;
  /// A flag with a value.
  virtual void option(flag const& f, std::function<void(std::string const&)> effect) = 0;
  /// A flag without.
  virtual void toggle(flag const& f, bool& into) = 0;
};

}  // namespace quartet::cli
