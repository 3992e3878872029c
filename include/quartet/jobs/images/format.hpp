// SPDX-License-Identifier: Apache-2.0
// Which image format a file holds, judged by its first bytes and never by its name.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace quartet::jobs {

/// Formats told apart; only `jpeg` and `png` can be converted so far.
enum class image_format : std::uint8_t { unknown, jpeg, png, webp, gif, tiff, heif };

/// The format whose signature `bytes` begin with, else `unknown`.
///
/// Blocks: never.
/// Errors: none; any bytes will do, also none at all.
image_format format_of(std::span<std::uint8_t const> bytes) noexcept;

/// The format's name as people write it: "JPEG", "WebP".
///
/// Blocks: never.
/// Errors: none.
std::string_view name_of(image_format format) noexcept;

/// The first bytes in a form that can be printed, for messages: `"not a pic"`, `00 01 02`.
///
/// Blocks: never.
/// Errors: none but a lack of memory.
std::string beginning_of(std::span<std::uint8_t const> bytes);

}  // namespace quartet::jobs
