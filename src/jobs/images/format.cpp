// SPDX-License-Identifier: Apache-2.0
// Signatures of image formats.
#include <algorithm>
#include <array>

#include <quartet/jobs/images/format.hpp>

namespace quartet::jobs {

namespace {

using bytes_view = std::span<std::uint8_t const>;

bool has(bytes_view bytes, std::size_t at, std::string_view wanted) {
  if (bytes.size() < at + wanted.size()) return false;
  return std::equal(wanted.begin(), wanted.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

bool is_heif(bytes_view bytes) {
  constexpr std::array<std::string_view, 5> brands{"heic", "heix", "mif1", "msf1", "avif"};
  return has(bytes, 4, "ftyp") &&
         std::any_of(brands.begin(), brands.end(), [&](auto b) { return has(bytes, 8, b); });
}

bool is_text(bytes_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t c) {
    return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\r' || c == '\t';
  });
}

}  // namespace

image_format format_of(bytes_view bytes) noexcept {
  if (has(bytes, 0, "\xFF\xD8\xFF")) return image_format::jpeg;
  if (has(bytes, 0, "\x89PNG\r\n\x1A\n")) return image_format::png;
  if (has(bytes, 0, "RIFF") && has(bytes, 8, "WEBP")) return image_format::webp;
  if (has(bytes, 0, "GIF8")) return image_format::gif;
  if (has(bytes, 0, {"II*\0", 4}) || has(bytes, 0, {"MM\0*", 4})) return image_format::tiff;
  if (is_heif(bytes)) return image_format::heif;
  return image_format::unknown;
}

std::string_view name_of(image_format format) noexcept {
  switch (format) {
    case image_format::jpeg:
      return "JPEG";
    case image_format::png:
      return "PNG";
    case image_format::webp:
      return "WebP";
    case image_format::gif:
      return "GIF";
    case image_format::tiff:
      return "TIFF";
    case image_format::heif:
      return "HEIF or AVIF";
    case image_format::unknown:
      break;
  }
  return "no known image format";
}

std::string beginning_of(bytes_view bytes) {
  constexpr std::size_t text_shown = 16;
  constexpr std::size_t bytes_shown = 8;
  if (auto text = bytes.first(std::min(bytes.size(), text_shown)); is_text(text)) {
    std::string shown = "\"";
    for (std::uint8_t c : text) shown += c < 0x20 ? ' ' : static_cast<char>(c);
    return shown + '"';
  }
  constexpr char digits[] = "0123456789abcdef";
  std::string shown;
  for (std::uint8_t c : bytes.first(std::min(bytes.size(), bytes_shown))) {
    if (!shown.empty()) shown += ' ';
    shown += digits[c >> 4];
    shown += digits[c & 15];
  }
  return shown;
}

}  // namespace quartet::jobs
