// SPDX-License-Identifier: Apache-2.0
// What a simulator is told so that its reports can name tasks.
#pragma once

#include <concepts>

#include <quartet/core/execution.hpp>
#include <quartet/seam/machine.hpp>

namespace quartet::detail {

/// Tells a simulator of a task; `t` null: the thread itself. Only if somebody listens.
[[gnu::cold, gnu::noinline]] void tell_task(seam::kind what, task_context const* t,
                                            void const* object = nullptr) noexcept;
inline void note_task(seam::kind what, task_context const* t,
                      void const* object = nullptr) noexcept {
  if (seam::hooked()) [[unlikely]]
    tell_task(what, t, object);
}
/// The same; `W` is place, or seam::quiet: nobody listens.
template <class W> void note_task_as(seam::kind what, task_context const* t) noexcept {
  if constexpr (std::same_as<W, place>) note_task(what, t);
}
/// The running task, or the thread, owns that lock, or does no longer.
inline void note_owner(seam::kind what, void const* lock) noexcept {
  if (seam::hooked()) [[unlikely]]
    tell_task(what, current_task(), lock);
}

}  // namespace quartet::detail
