// SPDX-License-Identifier: Apache-2.0
// How large an image may be, checked against its header before memory is taken for it.
#pragma once

#include <cstdint>

namespace quartet::jobs {

/// Above this an image is refused: five times a 10,000 x 10,000 scan, a seventh of the
/// 60,000 x 60,000 that "bomb" files claim.
inline constexpr std::uint64_t max_image_pixels = 500'000'000;

/// Files above this are refused before they are read.
inline constexpr std::uint64_t max_image_file_bytes = 2'000'000'000;

/// What a decoder may take for itself where it has to hold a whole frame (progressive JPEG,
/// interlaced PNG); sequential files need a few rows only.
inline constexpr std::uint64_t max_decoder_bytes = std::uint64_t{1} << 30;

/// Refuses what a header claims, without allocating.
///
/// Blocks: never.
/// Errors: `image_error` (failed) with the numbers if a side is 0 or there are more than
/// `max_image_pixels`.
void require_allowed_size(std::uint64_t width, std::uint64_t height);

/// Refuses a decoder's need for memory, without allocating.
///
/// Blocks: never.
/// Errors: `image_error` (failed) with the numbers above `max_decoder_bytes`.
void require_allowed_memory(std::uint64_t bytes);

}  // namespace quartet::jobs
