// SPDX-License-Identifier: Apache-2.0
// Rec. 601 luma of one row, in the same fixed point as libjpeg's, so that both paths agree.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quartet::jobs::detail {

/// Y = 0.299 R + 0.587 G + 0.114 B, rounded half up; the three factors add up to exactly 65,536, so
/// grays stay what they are.
inline void luma_row(std::uint8_t const* rgb, std::size_t pixels, std::uint8_t* gray) noexcept {
  for (std::size_t i = 0; i < pixels; ++i, rgb += 3) {
    std::uint32_t const sum = 19595u * rgb[0] + 38470u * rgb[1] + 7471u * rgb[2] + 32768u;
    gray[i] = static_cast<std::uint8_t>(sum >> 16);
  }
}

}  // namespace quartet::jobs::detail
