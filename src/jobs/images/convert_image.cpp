// SPDX-License-Identifier: Apache-2.0
// One file from end to end; the only place where errors become results.
#include <exception>
#include <filesystem>
#include <new>
#include <system_error>
#include <utility>
#include <vector>

#include <quartet/jobs/images/convert_image.hpp>
#include <quartet/jobs/images/decode.hpp>
#include <quartet/jobs/images/encode.hpp>
#include <quartet/jobs/images/plan_images.hpp>
#include <quartet/jobs/images/resize.hpp>

#include "file.hpp"

namespace quartet::jobs {

namespace {

namespace fs = std::filesystem;

/// The decoder may shrink to no less than this many times the result; the filter does the rest.
/// With 1 the mean difference from the reference is up to 1.25 levels before encoding, with 2 it is
/// 0.36, with a full decode 0.27 (rounding alone gives 0.25).
constexpr unsigned decoded_widths = 2;

/// Runs what knows nothing of names, and puts the name in front of its errors.
template <class F> auto naming(std::string const& path, F const& f) {
  try {
    return f();
  } catch (image_error const& error) {
    throw image_error(error.status(), path + ": " + error.what());
  }
}

gray_image shrink_to(decoded_image decoded, unsigned width) {
  if (decoded.full_width <= width) return std::move(decoded.image);
  double const shrunk_by = decoded.shrunk_by;
  return resize(decoded.image,
                {.width = width,
                 .height = height_at_width(decoded.full_width, decoded.full_height, width),
                 .covers_width = decoded.full_width / shrunk_by,
                 .covers_height = decoded.full_height / shrunk_by});
}

/// The plan sees to this by name; here links of any kind are seen through as well.
void require_two_files(image_task const& task) {
  std::error_code error;
  if (!fs::equivalent(task.input, task.output, error) || error) return;
  throw image_error(image_status::failed,
                    task.output +
                        ": is the photograph itself and was left as it is; choose "
                        "another output folder");
}

void convert(image_task const& task, image_result& result) {
  naming(task.input, [&] { require_valid({.width = task.width, .quality = task.quality}); });
  auto const bytes = detail::read_whole_file(task.input);
  result.bytes_in = bytes.size();
  std::vector<std::uint8_t> encoded;
  gray_image const image = naming(task.input, [&] {
    auto decoded = decode_image(bytes, decoded_widths * task.width);
    auto const format = decoded.format;
    auto small = shrink_to(std::move(decoded), task.width);
    encoded = encode_image(small, format, task.quality);
    return small;
  });
  require_two_files(task);
  if (auto const folder = fs::path(task.output).parent_path(); !folder.empty()) {
    detail::make_folder(folder.string());
  }
  detail::write_whole_file(task.output, encoded);
  result.bytes_out = encoded.size();
  result.width = image.width;
  result.height = image.height;
}

}  // namespace

image_result convert_image(image_task const& task) {
  image_result result{.input = task.input, .status = image_status::done};
  auto fail = [&result](image_status status, std::string message) {
    result.status = status;
    result.message = std::move(message);
  };
  try {
    convert(task, result);
  } catch (image_error const& error) {
    fail(error.status(), error.what());
  } catch (std::bad_alloc const&) {
    fail(image_status::failed, task.input + ": not enough memory; use fewer workers");
  } catch (std::exception const& error) {
    fail(image_status::failed, task.input + ": " + error.what() + "; please report this");
  }
  return result;
}

}  // namespace quartet::jobs
