// SPDX-License-Identifier: Apache-2.0
// Reads the one EXIF tag that changes what a viewer sees.
#pragma once

#include <cstdint>
#include <span>

namespace quartet::jobs::detail {

/// Orientation, 1 (upright) to 8, of an EXIF block that begins with its TIFF header; 1 if it has
/// none or makes no sense, as viewers do.
unsigned exif_orientation(std::span<std::uint8_t const> tiff) noexcept;

}  // namespace quartet::jobs::detail
