// SPDX-License-Identifier: Apache-2.0
// The search for circles of waits.
#include <string>
#include <vector>

#include <quartet/base/errors.hpp>
#include <quartet/base/new_error.hpp>
#include <quartet/core/detail/call_record.hpp>
#include <quartet/core/detail/wait_cycle.hpp>

namespace quartet::detail {

namespace {

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

/// Those who wait, each for the call of the one before, from `t` to the one that belongs to `r`;
/// empty: one of them does not any more.
std::vector<task_context const*> wait_entry::circle(call_record const& r, task_context const& t) {
  std::vector<task_context const*> all;
  for (task_context const* at = &t; at != nullptr;) {
    all.push_back(at);
    call_record* const c = call_of(*at);
    if (c == &r) return all;
    at = c == nullptr ? nullptr : c->waited.waits_.load(seam::acquire);
  }
  return {};
}

/// Names them, but of many only the first and the last.
std::string wait_entry::words(std::vector<task_context const*> const& all) {
  constexpr std::size_t ends = 4;
  std::string text = "a circle of waits: " + name_of(*all.front()) + " would wait for ";
  if (all.size() == 1) text += "itself";
  for (std::size_t i = all.size() == 1 ? 0 : all.size(); i-- != 0;) {
    bool const is_named = i < ends || i + ends >= all.size();
    if (is_named) text += name_of(*all[i]) + (i == 0 ? "" : ", which waits for ");
    if (i == ends && !is_named) text += std::to_string(all.size() - 2 * ends) + " more and then ";
  }
  return text + "; none of them could ever end";
}

std::exception_ptr wait_entry::look(call_record const& r, task_context const& t) noexcept {
  constexpr int longest = 1 << 20;
  task_context const* at = &t;
  call_record* c = nullptr;
  for (int i = 0; i != longest && at != nullptr && c != &r; ++i) {
    if (at->stop_requested()) return nullptr;
    c = call_of(*at);
    at = c == nullptr ? nullptr : c->waited.waits_.load(seam::acquire);
  }
  if (c != &r) return nullptr;
  try {
    auto const all = circle(r, t);
    return all.empty() ? nullptr : new_error<would_deadlock>(words(all));
  } catch (...) {
    return std::current_exception();
  }
}

template <class W>
std::exception_ptr wait_entry::begin(call_record const& r, task_context& t) noexcept {
  is_strange_ = r.opener() != t.identity();
  if (!is_strange_) [[likely]] {
    waits_.store(&t, seam::release, W::here());
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (!seam::heavy_fence_reaches_all()) [[unlikely]]
      seam::fence(W::here());
    if (strange_.load(seam::relaxed, W::here()) == 0) [[likely]]
      return nullptr;
  }
  return begin_slowly(r, t);
}
template std::exception_ptr wait_entry::begin<place>(call_record const&, task_context&) noexcept;
template std::exception_ptr wait_entry::begin<seam::quiet>(call_record const&,
                                                           task_context&) noexcept;

std::exception_ptr wait_entry::begin_slowly(call_record const& r, task_context& t) noexcept {
  if (is_strange_) scope_walk::open(strange_);
  std::exception_ptr e;
  if (seam::mutex* const walkers = scope_walk::guard()) {
    seam::guard const g(*walkers);
    waits_.store(&t, seam::release);
    if (strange_.load(seam::relaxed) != 0) e = look(r, t);
    if (e != nullptr) waits_.store(nullptr, seam::relaxed);
  }
  if (is_strange_ && waits_.load(seam::relaxed, seam::quiet()) == nullptr) end_strange();
  return e;
}

void wait_entry::end_strange() noexcept { scope_walk::close(strange_); }

}  // namespace quartet::detail
