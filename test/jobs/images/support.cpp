// SPDX-License-Identifier: Apache-2.0
// Files, folders, privileges, and the made-up metadata of the image tests.
#include "support.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <unistd.h>

namespace image_test {

namespace fs = std::filesystem;

namespace {

void put(bytes& to, std::uint64_t value, int count, bool big_endian = true) {
  for (int i = 0; i < count; ++i) {
    int const shift = 8 * (big_endian ? count - 1 - i : i);
    to.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

void put(bytes& to, std::string const& text) { to.insert(to.end(), text.begin(), text.end()); }

void put_fixed(bytes& to, double value) {
  put(to, static_cast<std::uint32_t>(std::lround(value * 65536)), 4);
}

}  // namespace

std::string photos() {
#ifdef QUARTET_TEST_DATA
  return std::string(QUARTET_TEST_DATA) + "/photos";
#else
  return (fs::path(__FILE__).parent_path() / "../../data/photos").lexically_normal().string();
#endif
}

std::string photo(int number) {
  std::string const digits{static_cast<char>('0' + number / 10),
                           static_cast<char>('0' + number % 10)};
  for (auto const& entry : fs::directory_iterator(photos())) {
    std::string const name = entry.path().filename().string();
    if (name.starts_with(digits)) {
      return entry.path().string();
    }
  }
  throw std::runtime_error("no photograph " + digits + " in " + photos());
}

bytes read(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(std::string const& path, bytes const& content) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<char const*>(content.data()),
             static_cast<std::streamsize>(content.size()));
}

void write(std::string const& path, std::string const& content) {
  write(path, bytes(content.begin(), content.end()));
}

temporary_folder::temporary_folder() {
  static std::atomic<int> count = 0;
  path_ = fs::temp_directory_path() /
          ("quartet-images-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
  fs::remove_all(path_);
  fs::create_directories(path_);
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::vector<std::string> temporary_folder::everything() const {
  std::vector<std::string> names;
  for (auto const& entry : fs::recursive_directory_iterator(path_)) {
    names.push_back(entry.path().lexically_relative(path_).generic_string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

without_privileges::without_privileges() : was_root_(::geteuid() == 0) {
  constexpr uid_t nobody = 65534;
  if (was_root_ && ::seteuid(nobody) != 0) throw std::runtime_error("cannot become nobody");
}

without_privileges::~without_privileges() {
  if (was_root_ && ::seteuid(0) != 0) std::abort();  // later tests would run as nobody
}

bytes exif_with_orientation(int orientation, bool big_endian) {
  auto const value = static_cast<std::uint64_t>(orientation);
  bytes tiff;
  put(tiff, big_endian ? "MM" : "II");
  put(tiff, 42, 2, big_endian);
  put(tiff, 8, 4, big_endian);       // where the directory is
  put(tiff, 1, 2, big_endian);       // how many entries it has
  put(tiff, 0x0112, 2, big_endian);  // orientation
  put(tiff, 3, 2, big_endian);       // a 16-bit number
  put(tiff, 1, 4, big_endian);       // one of them
  put(tiff, value, 2, big_endian);
  put(tiff, 0, 2, big_endian);
  put(tiff, 0, 4, big_endian);  // no further directory
  return tiff;
}

std::vector<double> srgb_primaries() {
  return {0.43607, 0.22249, 0.01392, 0.38515, 0.71687, 0.09708, 0.14307, 0.06061, 0.71410};
}

bytes matrix_profile(std::vector<double> const& primaries, double gamma) {
  constexpr std::uint32_t header = 128, table = 4 + 7 * 12, xyz = 20, curve = 16;
  constexpr std::uint32_t first = header + table;
  bytes profile;
  put(profile, first + 4 * xyz + curve, 4);
  put(profile, "qtet");
  put(profile, 0x02400000, 4);
  put(profile, "mntrRGB XYZ ");
  profile.resize(36);
  put(profile, "acsp");
  profile.resize(68);
  for (double white : {0.9642, 1.0, 0.8249}) put_fixed(profile, white);  // D50, as ICC asks
  profile.resize(header);
  put(profile, 7, 4);
  std::vector<std::string> const names{"rXYZ", "gXYZ", "bXYZ", "wtpt", "rTRC", "gTRC", "bTRC"};
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    put(profile, names[i]);
    put(profile, first + std::min(i, 4u) * xyz, 4);  // the three curves are one
    put(profile, i < 4 ? xyz : curve, 4);
  }
  std::vector<double> values = primaries;
  values.insert(values.end(), {0.9642, 1.0, 0.8249});
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i % 3 == 0) {
      put(profile, "XYZ ");
      put(profile, 0, 4);
    }
    put_fixed(profile, values[i]);
  }
  put(profile, "curv");
  put(profile, 0, 4);
  put(profile, 1, 4);
  put(profile, static_cast<std::uint64_t>(gamma * 256), 2);
  put(profile, 0, 2);
  return profile;
}

bytes some_picture(unsigned width, unsigned height, unsigned channels) {
  bytes picture;
  for (unsigned y = 0; y < height; ++y) {
    for (unsigned x = 0; x < width; ++x) {
      for (unsigned c = 0; c < channels; ++c) {
        unsigned const slope = (x * (c + 1) + y * 2) * 255 / (width * channels + height * 2);
        bool const inside = (x / 16 + y / 24 + c) % 5 == 0;
        picture.push_back(static_cast<std::uint8_t>(inside ? 255 - slope : slope));
      }
    }
  }
  return picture;
}

}  // namespace image_test
