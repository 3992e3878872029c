// SPDX-License-Identifier: Apache-2.0
// A subcommand: it declares what it takes, then it is executed.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include <quartet/cli/run.hpp>

#include "arguments.hpp"

namespace quartet::cli {

/// A command whose arguments are bound to its fields.
class execution {
 public:
  virtual ~execution() = default;
  /// Works with the values parsed; gives the exit code.
  /// Errors: usage_error and jobs::image_error where nothing was begun (exit code 2); others (1).
  virtual int run(streams& io) = 0;
};

/// One line in the table of commands.
struct command {
  std::string_view path;     ///< "images", "compare images"
  std::string_view group;    ///< one line of --help for the word before, if the path has two
  std::string_view summary;  ///< one line of --help
  std::string_view more;     ///< what --help says after the options
  std::unique_ptr<execution> (*declare)(arguments&);
};

extern command const images_command;
extern command const compare_images_command;
extern command const doctor_command;
extern command const explore_command;

/// Text that was asked for, to be printed as a result: --help, --version.
struct asked_text {
  std::string text;
};

/// Finds the command and sets its arguments, or gives the text that was asked for.
/// Errors: usage_error, with a guess at what was meant.
std::variant<std::unique_ptr<execution>, asked_text> parse(int argc, char const* const* argv,
                                                           std::span<command const* const> commands,
                                                           std::string_view version);

}  // namespace quartet::cli
