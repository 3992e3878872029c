// SPDX-License-Identifier: Apache-2.0
// Tells an sRGB colour profile, which changes nothing, from one that would have to be applied.
#pragma once

#include <cstdint>
#include <span>

namespace quartet::jobs::detail {

/// True if `profile` is a matrix profile with sRGB's primaries and tone curve, within the rounding
/// of the many sRGB profiles in use. Judged by its numbers, because names of profiles lie. False
/// for everything else, damaged ones too.
bool is_srgb_profile(std::span<std::uint8_t const> profile) noexcept;

}  // namespace quartet::jobs::detail
