// SPDX-License-Identifier: Apache-2.0
// What there is once in each process, and anew in the child of a fork.
#pragma once

#include <new>

#include <quartet/seam/home_process.hpp>

namespace quartet::seam {

/// One `T` for each process that asks for it: the child of a fork cannot use that of its parent,
/// whose threads it does not have, and of which any guard may be locked.
/// Threads: all members concurrently. Stop: not concerned. Errors: none.
/// Lifetime: at namespace scope; what it gives is never destroyed.
template <class T> class each_process {
 public:
  constexpr each_process() noexcept = default;

  /// Made by the first who asks; null without memory.
  T* get() noexcept {
    entry* now = now_.load(acquire, quiet());
    while (now == nullptr || now->home.is_elsewhere()) {
      auto* const fresh = new (std::nothrow) entry;
      if (fresh == nullptr) return nullptr;
      fresh->home.is_here();
      fresh->before = now;
      if (now_.compare_exchange(now, fresh, acq_rel, acquire, quiet())) return &fresh->it;
      delete fresh;
    }
    return &now->it;
  }
  /// The same, if there is one.
  T* if_made() noexcept {
    entry* const now = now_.load(acquire, quiet());
    return now == nullptr || now->home.is_elsewhere() ? nullptr : &now->it;
  }

 private:
  struct entry {
    home_process home;
    T it;
    entry* before = nullptr;  // of the parent; kept where leak checkers find it
  };
  atomic<entry*> now_{nullptr};
};

}  // namespace quartet::seam
