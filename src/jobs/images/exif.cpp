// SPDX-License-Identifier: Apache-2.0
// A bounds-checked walk through the first directory of a TIFF header.
#include "exif.hpp"

#include <cstddef>

namespace quartet::jobs::detail {

namespace {

constexpr unsigned upright = 1;

/// Numbers in the block's own byte order; reading outside gives 0, which no caller takes for sense.
class tiff_reader {
 public:
  explicit tiff_reader(std::span<std::uint8_t const> bytes) : bytes_(bytes) {
    if (bytes.size() < 8 || bytes[0] != bytes[1]) return;
    big_endian_ = bytes[0] == 'M';
    valid_ = (bytes[0] == 'M' || bytes[0] == 'I') && u16(2) == 42;
  }

  bool valid() const { return valid_; }

  unsigned u16(std::size_t at) const {
    if (at + 2 > bytes_.size()) return 0;
    unsigned const a = bytes_[at];
    unsigned const b = bytes_[at + 1];
    return big_endian_ ? a << 8 | b : b << 8 | a;
  }

  std::uint32_t u32(std::size_t at) const {
    return big_endian_ ? u16(at) << 16 | u16(at + 2) : u16(at + 2) << 16 | u16(at);
  }

 private:
  std::span<std::uint8_t const> bytes_;
  bool big_endian_ = false;
  bool valid_ = false;
};

}  // namespace

unsigned exif_orientation(std::span<std::uint8_t const> tiff) noexcept {
  constexpr unsigned orientation_tag = 0x0112;
  constexpr unsigned short_type = 3;
  constexpr std::size_t entry_size = 12;
  tiff_reader const reader(tiff);
  if (!reader.valid()) return upright;
  std::size_t const directory = reader.u32(4);
  unsigned const entries = reader.u16(directory);
  for (unsigned i = 0; i < entries; ++i) {  // at most 65,535, and not sorted in every camera's file
    std::size_t const entry = directory + 2 + i * entry_size;
    if (reader.u16(entry) != orientation_tag) continue;
    unsigned const value = reader.u16(entry + 2) == short_type ? reader.u16(entry + 8) : upright;
    return value >= 1 && value <= 8 ? value : upright;
  }
  return upright;
}

}  // namespace quartet::jobs::detail
