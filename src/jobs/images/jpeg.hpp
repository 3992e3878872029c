// SPDX-License-Identifier: Apache-2.0
// The adapter to libjpeg: nothing outside jpeg.cpp sees its headers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <quartet/jobs/images/decode.hpp>
#include <quartet/jobs/images/gray_image.hpp>

namespace quartet::jobs::detail {

/// `decode_image` for bytes that begin like a JPEG.
decoded_image decode_jpeg(std::span<std::uint8_t const> bytes, unsigned width);

/// `encode_image` for JPEG; `image` has been checked but for JPEG's own limit.
std::vector<std::uint8_t> encode_jpeg(gray_image const& image, int quality);

}  // namespace quartet::jobs::detail
