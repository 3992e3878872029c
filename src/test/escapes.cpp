// SPDX-License-Identifier: Apache-2.0
// Which thread is watched, and how it leaves its run.
#include "escapes.hpp"

#include <utility>

#include "stand_in.hpp"

#if QUARTET_ESCAPES
#include <algorithm>
#include <array>
#include <execinfo.h>

#include <quartet/seam/context.hpp>

namespace quartet::detail {

namespace escapes {

sim::world* watched = nullptr;

bool inside() noexcept {
  if (watched == nullptr || watched->running() < 0) return false;
  seam::context const* const c = seam::current();  // this_machine() has a static: we are called
  return c != nullptr && c->on == watched;
}

void leave(char const* function, char const* instead, void const* from, int holder) noexcept {
  std::array<void*, 32> calls{};
  auto const end = calls.begin() + backtrace(calls.data(), calls.size());
  auto caller = std::find(calls.begin(), end, from);  // behind us and the stand-in
  sim::stray_call call{function, instead, holder, {from}};
  for (std::size_t i = 0; i != call.callers.size() && caller != end; ++i)
    call.callers[i] = *caller++;
  watched->escaped(call);
}

}  // namespace escapes

escape_watch::escape_watch(sim::world& w) {
  if (!sees()) return;
  static bool once = true;
  if (std::exchange(once, false)) {
    escapes::table all;
    escapes::add_calls(all);
    escapes::add_locks(all);
    escapes::add_waits(all);
    escapes::add_statics(all);
    replace_imports(all);
  }
  escapes::watched = &w;
}

escape_watch::~escape_watch() { escapes::watched = nullptr; }

bool escape_watch::sees() noexcept { return !sanitized; }

}  // namespace quartet::detail

#else

namespace quartet::detail {
escape_watch::escape_watch(sim::world&) {}
escape_watch::~escape_watch() = default;
bool escape_watch::sees() noexcept { return false; }
}  // namespace quartet::detail

#endif
