// SPDX-License-Identifier: Apache-2.0
// Holds the one thread-local pointer.
#include <quartet/seam/context.hpp>

namespace quartet::seam {

constinit thread_local context* detail::self = nullptr;

#if defined(__clang__)
context* current() noexcept { return detail::self; }
#endif

void const* thread_identity() noexcept {
  context const* const c = detail::self;
  if (c != nullptr) return c->identity != nullptr ? c->identity : c;
  return &detail::self;  // each thread has its own
}

context* exchange_current(context* c) noexcept {
  context* const before = detail::self;
  detail::self = c;
  return before;
}

}  // namespace quartet::seam
