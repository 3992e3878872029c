// SPDX-License-Identifier: Apache-2.0
// The search for circles of waits.
#include <string>

#include <quartet/base/errors.hpp>
#include <quartet/base/new_error.hpp>
#include <quartet/core/detail/call_record.hpp>
#include <quartet/core/detail/wait_cycle.hpp>
#include <quartet/seam/each_process.hpp>
#include <quartet/seam/mutex.hpp>

namespace quartet::detail {

namespace {

// In the child of a fork nobody can unlock what a thread of the parent had locked.
seam::mutex* guard_of_looks() noexcept {
  static constinit seam::each_process<seam::mutex> guards;
  return guards.get();
}

/// The call that cannot end before `t` does; null: none.
call_record* call_of(task_context const& t) noexcept {
  for (stop_state* s = t.scope; s != nullptr; s = s->above())
    if (call_record* const c = s->as_call()) return c;
  return nullptr;
}

std::string name_of(task_context const& t) {
  if (t.name != nullptr) return std::string("\"") + t.name + "\"";
  if (*t.spawned.file == '\0') return "a task without a name";
  return std::string("the task of ") + t.spawned.file + ":" + std::to_string(t.spawned.line);
}

}  // namespace

/// Names those who wait, each for the call of the next one; empty: one of them does not any more.
std::string wait_entry::words(call_record const& r, task_context const& t) {
  std::string text;
  task_context const* at = &t;
  for (; at != nullptr && call_of(*at) != &r; at = call_of(*at)->waited.waits_.load(seam::acquire))
    text = ", which waits for " + name_of(*at) + text;
  if (at == nullptr) return "";
  return "a circle of waits: " + name_of(t) + " would wait for " +
         (at == &t ? "itself" : name_of(*at) + text) + "; none of them could ever end";
}

std::exception_ptr wait_entry::look(call_record const& r, task_context const& t) noexcept {
  constexpr int longest = 1 << 20;
  task_context const* at = &t;
  call_record* c = nullptr;
  for (int i = 0; i != longest && at != nullptr && c != &r; ++i) {
    c = call_of(*at);
    at = c == nullptr ? nullptr : c->waited.waits_.load(seam::acquire);
  }
  if (c != &r) return nullptr;
  try {
    std::string const text = words(r, t);
    return text.empty() ? nullptr : new_error<would_deadlock>(text);
  } catch (...) {
    return std::current_exception();
  }
}

std::exception_ptr wait_entry::begin_slowly(call_record const& r, task_context& t) noexcept {
  seam::mutex* const guard = guard_of_looks();
  if (guard == nullptr) return nullptr;  // no memory: nobody looks
  seam::guard const g(*guard);
  if (is_strange_) strange_.fetch_add(1, seam::relaxed);
  waits_.store(&t, seam::release);
  looking_.store(1, seam::relaxed);
  seam::heavy_fence();
  std::exception_ptr e = look(r, t);
  looking_.store(0, seam::relaxed);
  if (e == nullptr) return e;
  waits_.store(nullptr, seam::relaxed);
  if (is_strange_) strange_.fetch_sub(1, seam::relaxed);
  return e;
}

void wait_entry::let_look() noexcept {
  if (seam::mutex* const guard = guard_of_looks()) seam::guard const g(*guard);
}

}  // namespace quartet::detail
