// SPDX-License-Identifier: Apache-2.0
// What the image tests share: the photographs, made-up files, and a plain reference to compare
// with.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <quartet/jobs/images/gray_image.hpp>

namespace image_test {

using bytes = std::vector<std::uint8_t>;

/// The path of one of the photographs, by the number that its name begins with.
std::string photo(int number);

/// The folder of all photographs.
std::string photos();

bytes read(std::string const& path);
void write(std::string const& path, bytes const& content);
void write(std::string const& path, std::string const& content);

/// A folder that goes with its test.
class temporary_folder {
 public:
  temporary_folder();
  temporary_folder(temporary_folder const&) = delete;
  temporary_folder& operator=(temporary_folder const&) = delete;
  ~temporary_folder();

  std::string operator/(std::string const& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }
  /// The names of everything below it, sorted, with '/', folders too.
  std::vector<std::string> everything() const;

 private:
  std::filesystem::path path_;
};

/// Makes permissions matter: root becomes nobody for as long as this lives.
class without_privileges {
 public:
  without_privileges();
  without_privileges(without_privileges const&) = delete;
  without_privileges& operator=(without_privileges const&) = delete;
  ~without_privileges();

 private:
  bool was_root_;
};

/// Red, green, blue from 0 to 255, as a decoder without any cleverness gives them.
struct rgb_image {
  unsigned width = 0;
  unsigned height = 0;
  std::vector<double> samples{};
};

rgb_image read_plainly(std::string const& path);
std::vector<double> plain_luma(rgb_image const& image);
/// Lanczos-3 over the whole kernel for each pixel, in double precision, unrounded.
std::vector<double> plain_resize(std::vector<double> const& gray, unsigned width, unsigned height,
                                 unsigned to_width, unsigned to_height);
double mean_difference(std::vector<double> const& a, std::vector<double> const& b);

/// How a test's own JPEG is to be made.
struct jpeg_recipe {
  enum class colours { gray, ycbcr, rgb, cmyk, ycck } stored = colours::ycbcr;
  bool progressive = false;
  int quality = 95;
  bytes exif{};     // a TIFF header and what follows; put in if not empty
  bytes profile{};  // an ICC profile, the same
};

/// `samples`: interleaved, three a pixel, one for gray, four for CMYK and YCCK.
bytes make_jpeg(unsigned width, unsigned height, bytes const& samples, jpeg_recipe const& recipe);

/// How a test's own PNG is to be made. The type is libpng's colour type number.
struct png_recipe {
  int type = 2;
  int depth = 8;
  bool interlaced = false;
  bytes palette{};
  bytes transparency{};
  bytes exif{};
  bytes profile{};
};

/// `rows`: as libpng takes them, packed and big-endian.
bytes make_png(unsigned width, unsigned height, bytes const& rows, png_recipe const& recipe);

/// A TIFF header with nothing but an orientation.
bytes exif_with_orientation(int orientation, bool big_endian = true);

/// A matrix profile with the given primaries (XYZ of red, green, blue) and tone curve exponent.
bytes matrix_profile(std::vector<double> const& primaries, double gamma);
std::vector<double> srgb_primaries();

/// A picture with gradients and edges in all channels.
bytes some_picture(unsigned width, unsigned height, unsigned channels);

}  // namespace image_test
