// SPDX-License-Identifier: Apache-2.0
// Several threads at once.
#pragma once

#include <array>

#include <quartet/seam/thread.hpp>

namespace quartet::jobs::races {

/// A thread for each, started in this order; waits for all of them.
template <class... F> void together(F const&... f) {
  std::array<seam::thread, sizeof...(F)> const all{seam::thread([&f] { f(); })...};
}

}  // namespace quartet::jobs::races
