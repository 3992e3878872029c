// SPDX-License-Identifier: Apache-2.0
// The adapter to libpng: nothing outside png.cpp sees its header.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <quartet/jobs/images/decode.hpp>
#include <quartet/jobs/images/gray_image.hpp>

namespace quartet::jobs::detail {

/// `decode_image` for bytes that begin like a PNG.
decoded_image decode_png(std::span<std::uint8_t const> bytes);

/// `encode_image` for PNG; `image` has been checked.
std::vector<std::uint8_t> encode_png(gray_image const& image);

}  // namespace quartet::jobs::detail
