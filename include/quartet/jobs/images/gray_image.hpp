// SPDX-License-Identifier: Apache-2.0
// An image in one channel of eight bits, as it lies between decoding and encoding.
#pragma once

#include <cstdint>
#include <vector>

namespace quartet::jobs {

/// Gray pixels, 0 black to 255 white, gamma-encoded as they came (Rec. 601 luma, not linear light).
///
/// Shape: `width * height` bytes, row by row from the top, no padding; owns its memory.
/// Threads: a plain value; concurrent reads are fine.
/// Stop: not involved.
/// Errors: none of its own; whoever fills it keeps `pixels.size() == width * height`.
/// Lifetime: independent of everything else.
struct gray_image {
  unsigned width = 0;
  unsigned height = 0;
  std::vector<std::uint8_t> pixels{};

  friend bool operator==(gray_image const&, gray_image const&) = default;
};

}  // namespace quartet::jobs
