// SPDX-License-Identifier: Apache-2.0
// The program `quartet` as a function.
#pragma once

#include <iosfwd>

namespace quartet::cli {

/// Where the program writes, and what is known about it.
///
/// Shape: results go to `out`, everything else to `err`.
/// Threads: `err` is written to by one thread at a time, `out` by the thread that called `run`.
/// Stop: not concerned.
/// Errors: what `out` cannot take is told on `err` at the end, with exit code 1.
/// Lifetime: the streams outlive the call.
struct streams {
  std::ostream& out;
  std::ostream& err;
  bool out_terminal = false;  ///< colours may be used; NO_COLOR forbids them all the same
  bool err_terminal = false;  ///< a bar that is drawn over itself may be shown
  unsigned columns = 80;      ///< width of the terminal behind `err`
};

/// Exit codes. A signal that ended the work tidily gives 128 and its number: 130 for Ctrl-C.
enum exit_code : int {
  all_done = 0,
  some_failed = 1,  ///< some images failed or are not supported yet; the others are done
  bad_usage = 2,    ///< nothing was begun: options, folders, images or permissions are wrong
};

/// Parses, works, prints; gives the exit code. While it works SIGINT and SIGTERM ask for a tidy end
/// once; a second one has its usual effect.
///
/// Threads: one call at a time in a process, because signals belong to the process.
/// Blocks: the thread.
/// Errors: none are thrown; each is a line `quartet: what, which input, what to do` on `err`.
int run(int argc, char const* const* argv, streams& io);

}  // namespace quartet::cli
