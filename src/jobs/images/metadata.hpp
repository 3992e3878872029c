// SPDX-License-Identifier: Apache-2.0
// The refusals that JPEG and PNG share: what a file's metadata ask for and quartet cannot do yet.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <quartet/jobs/images/image_error.hpp>

#include "exif.hpp"
#include "icc.hpp"

namespace quartet::jobs::detail {

/// Throws "unsupported" for `feature`, a noun phrase.
[[noreturn]] inline void not_yet_supported(std::string const& feature) {
  throw image_error(image_status::unsupported,
                    feature +
                        " is not yet supported; the file was left out, so "
                        "convert it with another program");
}

/// Throws "failed" for a file that is not what it should be.
[[noreturn]] inline void damaged(std::string const& how) {
  throw image_error(image_status::failed,
                    "damaged: " + how + "; get the file again from where it came from");
}

inline void require_upright(std::span<std::uint8_t const> tiff) {
  if (unsigned const orientation = exif_orientation(tiff); orientation != 1) {
    not_yet_supported("EXIF orientation " + std::to_string(orientation));
  }
}

inline void require_srgb(std::span<std::uint8_t const> profile) {
  if (!is_srgb_profile(profile)) not_yet_supported("an embedded colour profile other than sRGB");
}

}  // namespace quartet::jobs::detail
