// SPDX-License-Identifier: Apache-2.0
// Checks the image and chooses the encoder.
#include <string>

#include <quartet/jobs/images/encode.hpp>
#include <quartet/jobs/images/image_error.hpp>

#include "jpeg.hpp"
#include "png.hpp"

namespace quartet::jobs {

std::vector<std::uint8_t> encode_image(gray_image const& image, image_format format, int quality) {
  if (image.width == 0 || image.height == 0 ||
      image.pixels.size() != std::size_t{image.width} * image.height) {
    throw image_error(image_status::failed, "cannot encode " + std::to_string(image.width) + " x " +
                                                std::to_string(image.height) + " pixels from " +
                                                std::to_string(image.pixels.size()) +
                                                " bytes; fill the image first");
  }
  switch (format) {
    case image_format::jpeg:
      return detail::encode_jpeg(image, quality);
    case image_format::png:
      return detail::encode_png(image);
    default:
      break;
  }
  throw image_error(image_status::unsupported,
                    "cannot write " + std::string(name_of(format)) + " yet; choose JPEG or PNG");
}

}  // namespace quartet::jobs
