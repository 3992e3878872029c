// SPDX-License-Identifier: Apache-2.0
// Chooses the decoder by content.
#include <string>

#include <quartet/jobs/images/decode.hpp>

#include "jpeg.hpp"
#include "metadata.hpp"
#include "png.hpp"

namespace quartet::jobs {

decoded_image decode_image(std::span<std::uint8_t const> bytes, unsigned width) {
  if (bytes.empty()) {
    throw image_error(image_status::failed, "is empty; get the file again from where it came from");
  }
  switch (auto const format = format_of(bytes)) {
    case image_format::jpeg:
      return detail::decode_jpeg(bytes, width);
    case image_format::png:
      return detail::decode_png(bytes);
    case image_format::unknown:
      break;
    default:
      detail::not_yet_supported(std::string(name_of(format)));
  }
  throw image_error(image_status::failed, "is not an image (starts with " + beginning_of(bytes) +
                                              "); leave it out, or get the file again");
}

}  // namespace quartet::jobs
