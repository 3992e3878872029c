// SPDX-License-Identifier: Apache-2.0
// From a task by its scope to whoever opened that, and on.
#include <array>
#include <cstring>

#include <quartet/core/context.hpp>
#include <quartet/core/detail/task_chain.hpp>

// Which type an object has that may be gone cannot be checked.
#if defined(__clang__)
#define QUARTET_OF_ANY_TYPE [[clang::no_sanitize("vptr", "null", "alignment")]]
#else
#define QUARTET_OF_ANY_TYPE [[gnu::no_sanitize("undefined")]]
#endif

namespace quartet::detail {

template <class T> bool task_chain::get(T& to, T const& from) const noexcept {
  return copy_(&to, &from, sizeof to) == sizeof to;
}

std::string task_chain::text(char const* from) const {
  std::array<char, 128> bytes{};
  if (from == nullptr) return {};
  std::size_t const n = copy_(bytes.data(), from, bytes.size() - 1);
  std::string found(bytes.data(), strnlen(bytes.data(), n));
  for (char& c : found)
    if (static_cast<unsigned char>(c) < ' ') c = '?';
  return found;
}

task_line task_chain::line_of(task_context const& t) const {
  char const* name = nullptr;
  place spawned;
  if (!get(name, t.name) || !get(spawned, t.spawned)) return {};
  std::string const file = text(spawned.file);
  return {text(name), file.empty() ? "" : file + ":" + std::to_string(spawned.line)};
}

// A scope that the task opened itself stands in one that it did not, the one it was started in.
QUARTET_OF_ANY_TYPE task_context* task_chain::starter_of(task_context const& t) const noexcept {
  stop_state* scope = nullptr;
  if (!get(scope, t.scope)) return nullptr;
  for (std::size_t i = 0; i != longest && scope != nullptr; ++i) {
    task_context* opener = nullptr;
    seam::atomic<stop_state*> above;
    if (!get(opener, scope->opener_) || !get(above, scope->parent_)) return nullptr;
    if (opener != nullptr && opener != &t) return opener;
    scope = above.load(seam::relaxed, seam::quiet());
  }
  return nullptr;
}

QUARTET_OF_ANY_TYPE std::vector<task_line> task_chain::of(task_context* const& running) const {
  std::vector<task_line> chain;
  task_context* t = nullptr;
  if (!get(t, running)) return chain;
  while (t != nullptr && chain.size() != longest) {
    task_context* itself = nullptr;
    if (!get(itself, t->resumption_.task) || itself != t) break;  // no task any more
    chain.push_back(line_of(*t));
    t = starter_of(*t);
  }
  return chain;
}

}  // namespace quartet::detail
