// SPDX-License-Identifier: Apache-2.0
// From the bytes of a file to gray pixels, computing no more of them than the wanted width needs.
#pragma once

#include <cstdint>
#include <span>

#include <quartet/jobs/images/format.hpp>
#include <quartet/jobs/images/gray_image.hpp>

namespace quartet::jobs {

/// A decoded image, perhaps already shrunk by its decoder.
///
/// Shape: `image` is the full picture divided by `shrunk_by` (1, 2, 4 or 8), rounded up on each
/// axis: its last column and row may stand for less than a whole pixel. Owns its memory.
/// Threads: a plain value.
/// Stop: not involved.
/// Errors: none of its own.
/// Lifetime: independent of the bytes it was decoded from.
struct decoded_image {
  gray_image image{};
  image_format format = image_format::unknown;
  unsigned full_width = 0;
  unsigned full_height = 0;
  unsigned shrunk_by = 1;
};

/// Decodes JPEG or PNG to Rec. 601 luma: Y = 0.299 R + 0.587 G + 0.114 B of the encoded values.
/// A JPEG is decoded in luminance alone, at the smallest of 1, 1/2, 1/4, 1/8 of its size that
/// is at least `width` wide (1 if none is); a PNG always in full. `gAMA` chunks are ignored, as
/// most tools do.
///
/// Threads: any number at once.
/// Blocks: never; it computes (about 10 ns a pixel of the file).
/// Errors: `image_error`. Unsupported: another format; CMYK and YCCK; an EXIF orientation other
/// than upright; a colour profile other than sRGB; alpha or a transparent colour. Failed: no image
/// at all, damaged or cut short anywhere, or beyond the limits of limits.hpp, which are checked
/// before memory is taken.
decoded_image decode_image(std::span<std::uint8_t const> bytes, unsigned width);

}  // namespace quartet::jobs
