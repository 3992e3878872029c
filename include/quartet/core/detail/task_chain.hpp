// SPDX-License-Identifier: Apache-2.0
// A task that runs on another thread, who started it, who started that one.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace quartet {

class stop_state;
class task_context;

namespace detail {

/// A task by what its user knows of it.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: a value.
struct task_line {
  std::string name;   ///< empty: it has none
  std::string place;  ///< `bank.cpp:12`, where it was spawned; empty: not known
};

/// Reads the tasks of threads that go on meanwhile: a task may be gone while we look, so nothing is
/// read but through `copy`, which copies what can be read and says how much that was.
/// Threads: a value. Stop: not concerned. Errors: bad_alloc. Lifetime: a value.
class task_chain {
 public:
  using copier = std::size_t (*)(void* to, void const* from, std::size_t size) noexcept;
  explicit task_chain(copier copy) noexcept : copy_(copy) {}

  /// The task in `running`, which another thread may change, then whoever started it, and so on.
  /// If they end meanwhile, some may be missing or be others.
  std::vector<task_line> of(task_context* const& running) const;

 private:
  static constexpr std::size_t longest = 16;  // tasks, and scopes between two of them
  template <class T> bool get(T& to, T const& from) const noexcept;
  std::string text(char const* from) const;
  task_line line_of(task_context const& t) const;
  task_context* starter_of(task_context const& t) const noexcept;

  copier copy_;
};

}  // namespace detail

}  // namespace quartet
