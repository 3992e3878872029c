// SPDX-License-Identifier: Apache-2.0
// What is said on standard error while a command works.
#pragma once

#include <optional>
#include <string_view>

#include <quartet/cli/run.hpp>
#include <quartet/core/observer.hpp>
#include <quartet/progress/bar.hpp>

namespace quartet::cli {

/// A bar on a terminal, lines elsewhere, nothing with --quiet; problems in any case, above the bar.
/// Threads: `problem` and `finish` belong to one thread; the observer to all that work.
class talk {
 public:
  /// `what` is counted: "images". It must outlive the talk.
  talk(streams& io, bool quiet, std::string_view what);

  /// To be told of pieces; null with --quiet.
  observer* progress() noexcept { return bar_ ? &*bar_ : nullptr; }
  /// One line: "quartet: " and the message.
  void problem(std::string_view message);
  /// One line, not with --quiet.
  void say(std::string_view line);
  /// Takes the bar away; problems can still be told.
  void finish() noexcept;

 private:
  void write_line(std::string_view line);

  streams& io_;
  bool const quiet_;
  std::optional<progress_bar> bar_;  // empty with --quiet
};

}  // namespace quartet::cli
