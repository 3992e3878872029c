// SPDX-License-Identifier: Apache-2.0
// Holds the one thread-local pointer.
#include <quartet/seam/context.hpp>

namespace quartet::seam {

thread_local constinit context* detail::self = nullptr;

using detail::self;

#if defined(__clang__)
context* current() noexcept { return self; }
#endif

void const* thread_identity() noexcept {
  if (self != nullptr) return self->identity != nullptr ? self->identity : self;
  return &self;  // each thread has its own
}

context* exchange_current(context* c) noexcept {
  context* const before = self;
  self = c;
  return before;
}

}  // namespace quartet::seam
