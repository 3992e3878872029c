// SPDX-License-Identifier: Apache-2.0
// From gray pixels to the bytes of a JPEG or PNG file.
#pragma once

#include <cstdint>
#include <vector>

#include <quartet/jobs/images/format.hpp>
#include <quartet/jobs/images/gray_image.hpp>

namespace quartet::jobs {

/// Encodes one-channel JPEG (with Huffman tables fitted to the image) or 8-bit gray PNG, without
/// any metadata. `quality`, 1 to 100, is that of JPEG; PNG loses nothing and ignores it.
///
/// Threads: any number at once.
/// Blocks: never.
/// Errors: `image_error` (failed) for a side of 0, pixels that do not match the sides, or a JPEG
/// side above 65,500; (unsupported) for any other format.
std::vector<std::uint8_t> encode_image(gray_image const& image, image_format format, int quality);

}  // namespace quartet::jobs
