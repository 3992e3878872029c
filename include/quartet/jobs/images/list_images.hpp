// SPDX-License-Identifier: Apache-2.0
// Finds the images below a folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace quartet::jobs {

/// One file that is an image by its name.
///
/// Shape: `path` can be opened from here; `relative` is the part below the listed folder, with '/'.
/// Names are bytes, whatever their encoding.
/// Threads: a plain value.
/// Stop: not involved.
/// Errors: none of its own.
/// Lifetime: independent of everything else; the file may have gone when it is opened.
struct found_image {
  std::string path{};
  std::string relative{};
  std::uint64_t bytes = 0;

  friend bool operator==(found_image const&, found_image const&) = default;
};

/// Every image below `folder`, sorted by `relative` as bytes, so that two runs see one order.
///
/// What counts is a regular file (or a link to one) that ends in .jpg, .jpeg, .png or .webp in any
/// case. Names that begin with a dot are skipped, and links to folders are not followed, so that a
/// circle of links cannot hold us. A sub-folder that cannot be read is listed like an image of no
/// bytes: its conversion then fails and says so, instead of its pictures being missed in silence.
///
/// Threads: any number at once.
/// Blocks: the thread, on the file system.
/// Errors: `image_error` (failed): no such folder, not a folder, not readable, no images in it.
std::vector<found_image> list_images(std::string const& folder);

}  // namespace quartet::jobs
