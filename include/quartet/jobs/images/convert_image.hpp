// SPDX-License-Identifier: Apache-2.0
// The work of `quartet images` on one file: decode, to gray, shrink, encode, save.
#pragma once

#include <cstdint>
#include <string>

#include <quartet/jobs/images/image_error.hpp>

namespace quartet::jobs {

/// What is made where nobody says otherwise. At quality 95 the saved result is within 1.6 levels
/// (mean absolute difference) of the unrounded reference on all photographs of the test set; at 85
/// the loss of the JPEG itself is up to 4.2.
inline constexpr unsigned default_image_width = 256;
inline constexpr int default_image_quality = 95;

/// One file to convert. Made of plain values only, so that any executor can send it anywhere.
///
/// Threads: a plain value.
/// Stop: not involved.
/// Errors: `convert_image` reports what is wrong with it.
/// Lifetime: independent of everything else.
struct image_task {
  std::string input{};
  std::string output{};
  unsigned width = default_image_width;  // of the result, in pixels, 1 to 65,500
  int quality = default_image_quality;   // of JPEG results, 1 to 100

  friend bool operator==(image_task const&, image_task const&) = default;
};

/// What became of one file; plain values only, like the task.
///
/// Shape: `message` is empty when done, else a whole sentence that names the file and what to do;
/// `bytes_out`, `width` and `height` describe the file written and are 0 if none was.
/// Threads: a plain value.
/// Stop: not involved.
/// Errors: none of its own.
/// Lifetime: independent of everything else.
struct image_result {
  std::string input{};
  image_status status = image_status::failed;
  std::string message{};
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  unsigned width = 0;
  unsigned height = 0;

  friend bool operator==(image_result const&, image_result const&) = default;
};

/// Converts one image to gray at `task.width`, in its own format, and saves it as `task.output`.
/// An image that is narrower keeps its size: nothing is ever enlarged. Folders are made as needed.
///
/// The result appears under its name whole or not at all: it is written beside it under a temporary
/// name (`.quartet-*.part`) and renamed. It replaces what was there, but never the input itself.
/// Not synced to disk: a power cut may lose the newest files.
///
/// Threads: any number at once, also for one output name (the last one stays).
/// Blocks: the thread, on the file system and while computing.
/// Stop: not looked at; a conversion is a few milliseconds.
/// Errors: none are thrown for any input (only a lack of memory for the message itself could be);
/// all are in the result, and none leaves a partial file.
image_result convert_image(image_task const& task);

}  // namespace quartet::jobs
