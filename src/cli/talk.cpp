// SPDX-License-Identifier: Apache-2.0
// Standard error, shared by a bar and lines.
#include "talk.hpp"

#include <ostream>
#include <string>

#include "text.hpp"

namespace quartet::cli {

talk::talk(streams& io, bool quiet, std::string_view what) : io_(io), quiet_(quiet) {
  if (quiet) return;
  bar_.emplace(progress_style{.terminal = io.err_terminal, .columns = io.columns, .what = what},
               [&io](std::string_view text) { io.err << text << std::flush; });
}

void talk::problem(std::string_view message) { write_line("quartet: " + one_line(message)); }

void talk::say(std::string_view line) {
  if (!quiet_) write_line(line);
}

void talk::finish() noexcept {
  if (bar_) bar_->finish();
}

void talk::write_line(std::string_view line) {
  if (bar_)
    bar_->say(line);
  else
    io_.err << line << '\n' << std::flush;
}

}  // namespace quartet::cli
