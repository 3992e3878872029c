// SPDX-License-Identifier: Apache-2.0
// Levels of priority: order between levels, first-in first-out within one.
//
// A call has the level that its options say, else that of the task that starts it, else `normal`.
// Whoever waits for a call of a lower level raises it, and all that it has started, to his own.
#pragma once

namespace quartet {

enum class priority : unsigned char { background, normal, high, urgent };

constexpr priority higher(priority a, priority b) noexcept { return a < b ? b : a; }

}  // namespace quartet
