// SPDX-License-Identifier: Apache-2.0
// An exception made for somebody else, often in another thread.
#pragma once

#include <exception>
#include <utility>

namespace quartet {

/// An `E` made of `args`, to be thrown by whoever gets it; if making it throws, what it threw.
/// `std::make_exception_ptr` copies, and the text of a standard exception is then shared between
/// the copy and its maker, counted where thread sanitizer does not see it.
template <class E, class... A> std::exception_ptr new_error(A&&... args) noexcept {
  try {
    throw E(std::forward<A>(args)...);
  } catch (...) {
    return std::current_exception();
  }
}

}  // namespace quartet
