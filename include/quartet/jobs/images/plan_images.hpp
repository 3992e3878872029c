// SPDX-License-Identifier: Apache-2.0
// Turns a folder and a few options into the list of conversions to run.
#pragma once

#include <string>
#include <vector>

#include <quartet/jobs/images/convert_image.hpp>
#include <quartet/jobs/images/list_images.hpp>

namespace quartet::jobs {

/// What a user may choose for all images of a run.
///
/// Threads: a plain value.
/// Stop: not involved.
/// Errors: see `require_valid`.
/// Lifetime: independent of everything else.
struct image_options {
  unsigned width = default_image_width;
  int quality = default_image_quality;
};

/// Checks the ranges: width 1 to 65,500 (the widest JPEG), quality 1 to 100.
///
/// Blocks: never.
/// Errors: `image_error` (failed) with the value, the range and the option's name.
void require_valid(image_options const& options);

/// One task for each image below the folder `in`, under the same relative name below `out`.
///
/// Blocks: the thread, on the file system. Nothing is written.
/// Errors: `image_error` (failed): those of `list_images` and `require_valid`; `out` is `in` or
/// lies inside it (results would replace the photographs, or be taken for some next time); `out` is
/// a file; a result would replace an input.
std::vector<image_task> plan_images(std::string const& in, std::string const& out,
                                    image_options const& options = {});

/// The same for images listed before, perhaps from several folders.
///
/// Blocks: never.
/// Errors: `image_error` (failed): a bad option; two images that would get one name (both are
/// named); a result that would replace an input.
std::vector<image_task> plan_images(std::vector<found_image> const& images, std::string const& out,
                                    image_options const& options = {});

/// Makes the folder `out` if need be and proves, by making and removing a file, that results can be
/// written, so that a run says so once at its start and not a thousand times.
///
/// Blocks: the thread, on the file system.
/// Errors: `image_error` (failed) with the folder, the system's reason and what to do.
void prepare_output_folder(std::string const& out);

}  // namespace quartet::jobs
