// SPDX-License-Identifier: Apache-2.0
// Variables that are initialised when they are first used.
#include "stand_in.hpp"

#if QUARTET_ESCAPES
#include <cstdint>

namespace quartet::detail::escapes {

namespace {

// Of a guard the first byte says that the static is there; the second, that somebody makes it.
using guard_acquire = known<"__cxa_guard_acquire", int(std::uint64_t*)>;
using guard_release = known<"__cxa_guard_release", void(std::uint64_t*)>;
using guard_abort = known<"__cxa_guard_abort", void(std::uint64_t*)>;

bool is_being_initialised(std::uint64_t const* guard) noexcept {
  auto const* const bytes = reinterpret_cast<unsigned char const*>(guard);
  return bytes[0] == 0 && bytes[1] != 0;
}

int acquire_guard(std::uint64_t* guard) {
  auto const* const word = reinterpret_cast<std::uint32_t const*>(guard);
  while (inside() && is_being_initialised(guard)) {
    watched->at({seam::kind::futex_wait,
                 guard,
                 false,
                 seam::seq_cst,
                 {"", 0, "a static that another thread initialises"}});
    if (is_being_initialised(guard)) watched->futex_wait(word, *word, never);
  }
  return guard_acquire::real()(guard);
}
void release_guard(std::uint64_t* guard) {
  guard_release::real()(guard);
  if (inside()) watched->initialised(guard);
}
void abort_guard(std::uint64_t* guard) {
  guard_abort::real()(guard);
  if (inside()) watched->initialised(guard);
}

constexpr text of_thread_local =
    "all simulated threads share it: keep it in a variable of the thread's function";

}  // namespace

void add_statics(table& to) {
  to.insert(
      to.end(),
      {
          // statics and thread_locals
          stand_in<guard_acquire>(&acquire_guard),
          stand_in<guard_release>(&release_guard),
          stand_in<guard_abort>(&abort_guard),
          forbidden<"__cxa_thread_atexit", of_thread_local, int(void (*)(void*), void*, void*),
                    "__cxa_thread_atexit (a thread_local object)">::make(),
      });
}

}  // namespace quartet::detail::escapes

#endif
