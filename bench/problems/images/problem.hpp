// SPDX-License-Identifier: Apache-2.0
// images: decode, to gray, resize and save every photograph of a folder.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <quartet/jobs/images/convert_image.hpp>
#include <quartet/jobs/images/decode.hpp>
#include <quartet/jobs/images/plan_images.hpp>
#include <quartet/jobs/images/resize.hpp>

#include "support/program.hpp"

namespace images {

inline constexpr long photos = 48;  // made by the build, in the folder `photos` where we run
inline constexpr long quick_photos = 4;
inline constexpr long width = 256;
inline constexpr long quality = 95;  // the Python programs read these numbers here

using task = quartet::jobs::image_task;
using result = quartet::jobs::image_result;

namespace detail {

inline std::vector<std::uint8_t> read_file(std::string const& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// What the photograph must look like, straight from the pixels, without the trip through a file.
inline quartet::jobs::gray_image reference(std::string const& input) {
  auto const decoded = quartet::jobs::decode_image(read_file(input), width);
  unsigned const height =
      quartet::jobs::height_at_width(decoded.full_width, decoded.full_height, width);
  return quartet::jobs::resize(decoded.image,
                               {.width = static_cast<unsigned>(width), .height = height});
}

/// Whether the file that was saved shows the photograph: its size, and each level nearly.
inline bool is_right(task const& each) {
  auto const wanted = reference(each.input);
  auto const saved = quartet::jobs::decode_image(read_file(each.output), width).image;
  if (saved.width != wanted.width || saved.height != wanted.height) return false;
  double difference = 0;
  for (std::size_t i = 0; i < wanted.pixels.size(); ++i) {
    difference += std::abs(int{saved.pixels[i]} - int{wanted.pixels[i]});
  }
  return difference <= 4.0 * static_cast<double>(wanted.pixels.size());  // JPEG loses a little
}

inline long count_right(std::vector<task> const& tasks) {
  long right = 0;
  for (auto const& each : tasks) {
    try {
      right += is_right(each);
    } catch (quartet::jobs::image_error const& error) {
      std::fprintf(stderr, "%s: %s\n", each.output.c_str(), error.what());
    }
  }
  return right;
}

}  // namespace detail

/// Times `run(tasks)`, which calls convert_image for each task in any order.
template <class Run> void measure(bench::options const& given, Run&& run) {
  if (!std::filesystem::is_directory("photos")) {
    std::fprintf(stderr, "a folder 'photos' where it runs, made by tools/make_photos\n");
    std::exit(bench::exit_left_out);
  }
  std::string const out = "out-" + std::to_string(getpid());
  auto tasks = quartet::jobs::plan_images(
      "photos", out, {.width = static_cast<unsigned>(width), .quality = static_cast<int>(quality)});
  if (given.quick) tasks.resize(std::min<std::size_t>(tasks.size(), quick_photos));
  double const best = bench::best_ns(given, 3, [&] { run(tasks); });
  long const right = detail::count_right(tasks);
  std::filesystem::remove_all(out);
  bench::require_answer(given, "number of right images", right,
                        given.quick ? quick_photos : photos);
  bench::print("image", "ms", best / 1e6 / static_cast<double>(tasks.size()));
}

}  // namespace images
