// SPDX-License-Identifier: Apache-2.0
// One synchronising operation that a run does without, to see whether anybody notices.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <quartet/seam/operation.hpp>

namespace quartet::detail::sim {

/// All operations of one kind in one line, `include/quartet/sync/mutex.hpp:52:lock`. What a run
/// with it is like: a `lock` lets in, keeps nobody out and learns nothing; a `futex_wake` wakes
/// nobody; a `transfer` writes nothing to its descriptor; a `thread_join` does not wait; a `fence`
/// orders nothing; the memory order of an atomic operation counts as relaxed.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct mutant {
  std::string file;
  unsigned line;
  seam::kind what;

  bool is(seam::operation const& o) const noexcept {
    return o.where.line == line && o.what == what && std::string_view(o.where.file).ends_with(file);
  }
  /// Whether there is a mutant for such an operation.
  static bool of(seam::operation const& o) noexcept;
  /// Nothing: the text names none.
  static std::optional<mutant> parse(std::string_view text);
};

}  // namespace quartet::detail::sim
