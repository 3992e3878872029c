// SPDX-License-Identifier: Apache-2.0
// Looks up the six tags of an ICC matrix profile and compares them with sRGB's values.
#include "icc.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace quartet::jobs::detail {

namespace {

constexpr std::size_t header_size = 128;
constexpr double primary_tolerance = 0.01;  // P3's nearest differs by 0.08
constexpr double curve_tolerance = 0.01;    // a plain gamma of 2.2 differs by 0.004, 1.8 by 0.07

/// A profile's bytes; reading outside gives 0.
class icc_reader {
 public:
  explicit icc_reader(std::span<std::uint8_t const> bytes) : bytes_(bytes) {}

  bool text(std::size_t at, std::string_view wanted) const {
    if (at + wanted.size() > bytes_.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (bytes_[at + i] != static_cast<std::uint8_t>(wanted[i])) return false;
    }
    return true;
  }

  std::uint32_t u16(std::size_t at) const {
    if (at + 2 > bytes_.size()) return 0;
    return static_cast<std::uint32_t>(bytes_[at]) << 8 | bytes_[at + 1];
  }

  std::uint32_t u32(std::size_t at) const { return u16(at) << 16 | u16(at + 2); }

  double fixed(std::size_t at) const { return static_cast<std::int32_t>(u32(at)) / 65536.0; }

  /// Where a tag's data begin; 0 if there is no such tag.
  std::size_t tag(std::string_view name) const {
    constexpr std::uint32_t tags_max = 200;  // real profiles have 10 to 30
    std::uint32_t const count = u32(header_size);
    for (std::uint32_t i = 0; i < count && i < tags_max; ++i) {
      std::size_t const entry = header_size + 4 + std::size_t{12} * i;
      if (text(entry, name)) return u32(entry + 4);
    }
    return 0;
  }

 private:
  std::span<std::uint8_t const> bytes_;
};

bool has_primary(icc_reader const& icc, std::string_view name, std::array<double, 3> wanted) {
  std::size_t const at = icc.tag(name);
  if (at == 0 || !icc.text(at, "XYZ ")) return false;
  for (std::size_t i = 0; i < 3; ++i) {
    if (std::abs(icc.fixed(at + 8 + 4 * i) - wanted[i]) > primary_tolerance) return false;
  }
  return true;
}

/// The linear value of the encoded value 0.5, whichever way the curve is written; -1 if unknown.
double curve_middle(icc_reader const& icc, std::size_t at) {
  if (icc.text(at, "curv")) {
    std::uint32_t const count = icc.u32(at + 8);
    if (count == 0) return 0.5;
    if (count == 1) return std::pow(0.5, icc.u16(at + 12) / 256.0);
    return icc.u16(at + 12 + 2 * ((std::size_t{count} - 1) / 2)) / 65535.0;
  }
  if (!icc.text(at, "para")) return -1;
  double const gamma = icc.fixed(at + 12);
  switch (icc.u16(at + 8)) {
    case 0:
      return std::pow(0.5, gamma);
    case 3:
      return std::pow(icc.fixed(at + 16) * 0.5 + icc.fixed(at + 20), gamma);
    default:
      return -1;
  }
}

bool has_curve(icc_reader const& icc, std::string_view name) {
  constexpr double srgb_middle = 0.21404;  // ((0.5 + 0.055) / 1.055) ^ 2.4
  std::size_t const at = icc.tag(name);
  return at != 0 && std::abs(curve_middle(icc, at) - srgb_middle) <= curve_tolerance;
}

}  // namespace

bool is_srgb_profile(std::span<std::uint8_t const> profile) noexcept {
  icc_reader const icc(profile);
  // A lookup table, where there is one, takes precedence over the matrix.
  return icc.text(16, "RGB XYZ ") && icc.tag("A2B0") == 0 &&
         has_primary(icc, "rXYZ", {0.4361, 0.2225, 0.0139}) &&
         has_primary(icc, "gXYZ", {0.3851, 0.7169, 0.0971}) &&
         has_primary(icc, "bXYZ", {0.1431, 0.0606, 0.7141}) && has_curve(icc, "rTRC") &&
         has_curve(icc, "gTRC") && has_curve(icc, "bTRC");
}

}  // namespace quartet::jobs::detail
