// SPDX-License-Identifier: Apache-2.0
// The reference: decode everything, weigh the colours, filter with the whole kernel; no short cut.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <jpeglib.h>
#include <memory>
#include <numbers>
#include <png.h>
#include <stdexcept>

#include "support.hpp"

namespace image_test {

namespace {

using file_ptr = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

file_ptr open(std::string const& path) {
  file_ptr file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) throw std::runtime_error("cannot open " + path);
  return file;
}

// The standard error manager ends the process, which is all a broken reference deserves.
rgb_image read_jpeg(std::string const& path) {
  file_ptr const file = open(path);
  jpeg_decompress_struct info;
  jpeg_error_mgr errors;
  info.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&info);
  jpeg_stdio_src(&info, file.get());
  jpeg_read_header(&info, TRUE);
  info.out_color_space = JCS_RGB;
  jpeg_start_decompress(&info);
  rgb_image image{.width = info.output_width, .height = info.output_height};
  bytes row(std::size_t{3} * image.width);
  while (info.output_scanline < info.output_height) {
    JSAMPROW rows[] = {row.data()};
    jpeg_read_scanlines(&info, rows, 1);
    image.samples.insert(image.samples.end(), row.begin(), row.end());
  }
  jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
  return image;
}

rgb_image read_png(std::string const& path) {
  file_ptr const file = open(path);
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_init_io(png, file.get());
  png_read_png(png, info,
               PNG_TRANSFORM_EXPAND | PNG_TRANSFORM_GRAY_TO_RGB | PNG_TRANSFORM_EXPAND_16, nullptr);
  rgb_image image{.width = png_get_image_width(png, info),
                  .height = png_get_image_height(png, info)};
  png_bytepp rows = png_get_rows(png, info);
  for (unsigned y = 0; y < image.height; ++y) {
    for (std::size_t i = 0; i < std::size_t{3} * image.width; ++i) {
      image.samples.push_back((rows[y][2 * i] * 256 + rows[y][2 * i + 1]) / 257.0);
    }
  }
  png_destroy_read_struct(&png, &info, nullptr);
  return image;
}

double lanczos3(double x) {
  if (x == 0) return 1;
  if (std::abs(x) >= 3) return 0;
  double const t = std::numbers::pi * x;
  return 3 * std::sin(t) * std::sin(t / 3) / (t * t);
}

/// For each result sample the weight of every source sample.
std::vector<std::vector<double>> all_weights(unsigned count, unsigned to) {
  double const scale = static_cast<double>(count) / to;
  double const stretch = std::max(scale, 1.0);
  std::vector<std::vector<double>> all(to, std::vector<double>(count));
  for (unsigned i = 0; i < to; ++i) {
    double sum = 0;
    for (unsigned j = 0; j < count; ++j) {
      all[i][j] = lanczos3((j + 0.5 - (i + 0.5) * scale) / stretch);
      sum += all[i][j];
    }
    for (double& weight : all[i]) weight /= sum;
  }
  return all;
}

/// One line of samples, `stride` apart.
std::vector<double> resize_line(double const* from, std::size_t stride,
                                std::vector<std::vector<double>> const& weights) {
  std::vector<double> line(weights.size());
  for (std::size_t i = 0; i < line.size(); ++i) {
    for (std::size_t j = 0; j < weights[i].size(); ++j) {
      if (weights[i][j] != 0) line[i] += weights[i][j] * from[j * stride];
    }
  }
  return line;
}

}  // namespace

rgb_image read_plainly(std::string const& path) {
  return read(path).front() == 0xFF ? read_jpeg(path) : read_png(path);
}

std::vector<double> plain_luma(rgb_image const& image) {
  std::vector<double> gray;
  for (std::size_t i = 0; i < image.samples.size(); i += 3) {
    gray.push_back(0.299 * image.samples[i] + 0.587 * image.samples[i + 1] +
                   0.114 * image.samples[i + 2]);
  }
  return gray;
}

std::vector<double> plain_resize(std::vector<double> const& gray, unsigned width, unsigned height,
                                 unsigned to_width, unsigned to_height) {
  auto const across = all_weights(width, to_width);
  auto const down = all_weights(height, to_height);
  std::vector<double> narrow;
  for (unsigned y = 0; y < height; ++y) {
    auto const line = resize_line(&gray[std::size_t{y} * width], 1, across);
    narrow.insert(narrow.end(), line.begin(), line.end());
  }
  std::vector<double> result(std::size_t{to_width} * to_height);
  for (unsigned x = 0; x < to_width; ++x) {
    auto const line = resize_line(&narrow[x], to_width, down);
    for (unsigned y = 0; y < to_height; ++y) result[std::size_t{y} * to_width + x] = line[y];
  }
  for (double& level : result) level = std::clamp(level, 0.0, 255.0);
  return result;
}

double mean_difference(std::vector<double> const& a, std::vector<double> const& b) {
  if (a.size() != b.size() || a.empty()) throw std::runtime_error("images of different sizes");
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum / static_cast<double>(a.size());
}

}  // namespace image_test
