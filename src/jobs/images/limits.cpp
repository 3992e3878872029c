// SPDX-License-Identifier: Apache-2.0
// The refusals of images that are too large, with the numbers.
#include <string>

#include <quartet/jobs/images/image_error.hpp>
#include <quartet/jobs/images/limits.hpp>

namespace quartet::jobs {

namespace {

std::string rounded_up(std::uint64_t n, std::uint64_t unit) {
  return std::to_string(n / unit + (n % unit != 0 ? 1 : 0));
}

}  // namespace

void require_allowed_size(std::uint64_t width, std::uint64_t height) {
  std::string const sides = std::to_string(width) + " x " + std::to_string(height) + " pixels";
  if (width == 0 || height == 0) {
    throw image_error(image_status::failed,
                      "damaged: its header claims " + sides + "; get the file again");
  }
  if (height <= max_image_pixels / width) return;
  // The product of two 32-bit sides fits into 64 bits.
  throw image_error(image_status::failed,
                    "too large: its header claims " + sides + ", that is " +
                        rounded_up(width * height, 1'000'000) + " megapixels, and the limit is " +
                        std::to_string(max_image_pixels / 1'000'000) +
                        "; leave it out, or shrink it with another program first");
}

void require_allowed_memory(std::uint64_t bytes) {
  if (bytes <= max_decoder_bytes) return;
  constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
  throw image_error(image_status::failed,
                    "too large: decoding it needs " + rounded_up(bytes, mebibyte) +
                        " MiB at once and the limit is " +
                        std::to_string(max_decoder_bytes / mebibyte) +
                        "; save it without interlacing, or shrink it, with another program first");
}

}  // namespace quartet::jobs
