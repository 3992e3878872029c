// SPDX-License-Identifier: Apache-2.0
// Writes the JPEG and PNG files that no photograph stands for.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <jpeglib.h>
#include <png.h>
#include <stdexcept>

#include "support.hpp"

namespace image_test {

namespace {

struct colour_pair {
  int channels;
  J_COLOR_SPACE given;
  J_COLOR_SPACE stored;
};

colour_pair colours_of(jpeg_recipe::colours stored) {
  switch (stored) {
    case jpeg_recipe::colours::gray:
      return {1, JCS_GRAYSCALE, JCS_GRAYSCALE};
    case jpeg_recipe::colours::ycbcr:
      return {3, JCS_RGB, JCS_YCbCr};
    case jpeg_recipe::colours::rgb:
      return {3, JCS_RGB, JCS_RGB};
    case jpeg_recipe::colours::cmyk:
      return {4, JCS_CMYK, JCS_CMYK};
    case jpeg_recipe::colours::ycck:
      return {4, JCS_CMYK, JCS_YCCK};
  }
  throw std::logic_error("unknown colours");
}

}  // namespace

bytes make_jpeg(unsigned width, unsigned height, bytes const& samples, jpeg_recipe const& recipe) {
  auto const [channels, given, stored] = colours_of(recipe.stored);
  jpeg_compress_struct info;
  jpeg_error_mgr errors;
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* written = nullptr;
  unsigned long length = 0;
  jpeg_mem_dest(&info, &written, &length);
  info.image_width = width;
  info.image_height = height;
  info.input_components = channels;
  info.in_color_space = given;
  jpeg_set_defaults(&info);
  jpeg_set_colorspace(&info, stored);
  jpeg_set_quality(&info, recipe.quality, TRUE);
  if (recipe.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  if (!recipe.exif.empty()) {
    bytes marker{'E', 'x', 'i', 'f', 0, 0};
    marker.insert(marker.end(), recipe.exif.begin(), recipe.exif.end());
    jpeg_write_marker(&info, JPEG_APP0 + 1, marker.data(), static_cast<unsigned>(marker.size()));
  }
  if (!recipe.profile.empty()) {
    jpeg_write_icc_profile(&info, recipe.profile.data(),
                           static_cast<unsigned>(recipe.profile.size()));
  }
  std::size_t const row = std::size_t{width} * static_cast<unsigned>(channels);
  while (info.next_scanline < height) {
    JSAMPROW rows[] = {const_cast<JSAMPROW>(samples.data() + info.next_scanline * row)};
    jpeg_write_scanlines(&info, rows, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  bytes result(written, written + length);
  std::free(written);
  return result;
}

bytes make_png(unsigned width, unsigned height, bytes const& rows, png_recipe const& recipe) {
  bytes result;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &result,
      [](png_structp to, png_bytep from, std::size_t count) {
        auto& all = *static_cast<bytes*>(png_get_io_ptr(to));
        all.insert(all.end(), from, from + count);
      },
      [](png_structp) {});
  png_set_IHDR(png, info, width, height, recipe.depth, recipe.type,
               recipe.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, 0, 0);
  if (!recipe.palette.empty()) {
    png_set_PLTE(png, info, reinterpret_cast<png_const_colorp>(recipe.palette.data()),
                 static_cast<int>(recipe.palette.size() / 3));
  }
  if (!recipe.transparency.empty()) {
    png_set_tRNS(png, info, recipe.transparency.data(),
                 static_cast<int>(recipe.transparency.size()), nullptr);
  }
  if (!recipe.exif.empty()) {
    png_set_eXIf_1(png, info, static_cast<png_uint_32>(recipe.exif.size()),
                   const_cast<png_bytep>(recipe.exif.data()));
  }
  if (!recipe.profile.empty()) {
    png_set_iCCP(png, info, "made up", 0, recipe.profile.data(),
                 static_cast<png_uint_32>(recipe.profile.size()));
  }
  std::vector<png_bytep> pointers;
  std::size_t const row = rows.size() / height;
  for (unsigned y = 0; y < height; ++y) {
    pointers.push_back(const_cast<png_bytep>(rows.data() + y * row));
  }
  png_set_rows(png, info, pointers.data());
  png_write_png(png, info, PNG_TRANSFORM_IDENTITY, nullptr);
  png_destroy_write_struct(&png, &info);
  return result;
}

}  // namespace image_test
