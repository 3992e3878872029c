// SPDX-License-Identifier: Apache-2.0
// Levels of priority: order between levels, first-in first-out within one.
#pragma once

namespace quartet {

enum class priority : unsigned char { background, normal, high, urgent };

}  // namespace quartet
