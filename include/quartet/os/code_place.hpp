// SPDX-License-Identifier: Apache-2.0
// The lines that addresses in the program belong to.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace quartet::os {

/// One function that was being executed.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct code_frame {
  std::string function;  ///< without its arguments
  std::string place;     ///< `bank.cpp:12`; empty if it is not known
  bool ours;             ///< of quartet or the standard library, as far as can be told
};

/// Finds functions and lines for addresses, all that are wanted with one run of addr2line, which
/// every compiler's package brings. Without it, or without line numbers in the program, nothing is
/// found; nor are inlined functions if Clang wrote them in DWARF 5.
/// Threads: belongs to one. Stop: not concerned. Errors: none. Lifetime: keeps what it found.
class code_places {
 public:
  void want(void const* code);
  /// The functions that the instruction before `code` is in: the innermost first, then those that
  /// it was inlined into. Blocks: for a child program, when something wanted is not known yet.
  std::vector<code_frame> const& at(void const* code);

 private:
  void look_up();
  void take_in(std::vector<std::string> const& lines,
               std::map<std::uintptr_t, void const*> const& codes);
  std::map<void const*, std::vector<code_frame>> known_;
  std::vector<void const*> wanted_;
};

/// The file and the offset in it, for a program without line numbers.
std::string offset_of(void const* code);

/// `path` as somebody would type it here.
std::string short_path(std::string const& path);

/// Whether a source file is quartet's or the standard library's.
bool is_ours(std::string const& path);

}  // namespace quartet::os
