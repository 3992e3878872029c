// SPDX-License-Identifier: Apache-2.0
// Shrinks gray images with the Lanczos-3 filter.
#pragma once

#include <quartet/jobs/images/gray_image.hpp>

namespace quartet::jobs {

/// What to make, and how much of the source it shows.
///
/// Shape: `covers_width` and `covers_height` are the part of the source, from its top left corner
/// and in its pixels, that fills the result; 0 means all. A decoder that shrinks by eight rounds
/// 1067 rows up to 134 although they cover 133.375: without this the picture would creep.
/// Threads: a plain value.
/// Stop: not involved.
/// Errors: see `resize`.
/// Lifetime: independent of everything else.
struct resize_options {
  unsigned width = 0;
  unsigned height = 0;
  double covers_width = 0;
  double covers_height = 0;
};

/// Resizes by separable Lanczos-3, the kernel widened by the shrink ratio, cut off at the edges and
/// normalised there, so that a plain colour stays exactly that colour. Filters in float and rounds
/// once. Filtering is in gamma-encoded values, as nearly every tool does by default.
///
/// Threads: any number at once.
/// Blocks: never.
/// Cost: about 6 multiply-adds for each source pixel; one float row and two weight tables.
/// Errors: `image_error` (failed) if a side is 0 or `image.pixels` does not match its sides.
gray_image resize(gray_image const& image, resize_options const& to);

/// The height that keeps the picture's ratio at `width`: rounded half up, at least 1.
///
/// Blocks: never.
/// Errors: none; `full_width` must not be 0.
unsigned height_at_width(unsigned full_width, unsigned full_height, unsigned width) noexcept;

}  // namespace quartet::jobs
