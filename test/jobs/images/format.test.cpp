// SPDX-License-Identifier: Apache-2.0
// Formats are told by content.
#include <gtest/gtest.h>

#include <quartet/jobs/images/format.hpp>

#include "support.hpp"

using namespace quartet::jobs;
using image_test::bytes;

namespace {

bytes of(std::string const& text) { return {text.begin(), text.end()}; }

}  // namespace

TEST(format, photographs_are_told_by_their_first_bytes) {
  EXPECT_EQ(format_of(image_test::read(image_test::photo(1))), image_format::jpeg);
  EXPECT_EQ(format_of(image_test::read(image_test::photo(14))), image_format::png);
  EXPECT_EQ(format_of(image_test::read(image_test::photo(18))), image_format::webp);
  EXPECT_EQ(format_of(image_test::read(image_test::photo(23))), image_format::unknown);
}

TEST(format, formats_that_come_later_are_known_by_name) {
  EXPECT_EQ(format_of(of("GIF89a...")), image_format::gif);
  EXPECT_EQ(format_of(of(std::string("II*\0....", 8))), image_format::tiff);
  EXPECT_EQ(format_of(of(std::string("MM\0*....", 8))), image_format::tiff);
  EXPECT_EQ(format_of(of(std::string("\0\0\0\x18"
                                     "ftypheic",
                                     12))),
            image_format::heif);
  EXPECT_EQ(format_of(of(std::string("\0\0\0\x18"
                                     "ftypmp42",
                                     12))),
            image_format::unknown);
}

TEST(format, every_beginning_too_short_for_a_signature_is_unknown) {
  bytes const jpeg{0xFF, 0xD8, 0xFF};
  for (std::size_t length = 0; length < jpeg.size(); ++length) {
    EXPECT_EQ(format_of(std::span(jpeg).first(length)), image_format::unknown);
  }
}

TEST(format, every_format_has_a_name) {
  EXPECT_EQ(name_of(image_format::jpeg), "JPEG");
  EXPECT_EQ(name_of(image_format::png), "PNG");
  EXPECT_EQ(name_of(image_format::webp), "WebP");
  EXPECT_EQ(name_of(image_format::gif), "GIF");
  EXPECT_EQ(name_of(image_format::tiff), "TIFF");
  EXPECT_EQ(name_of(image_format::heif), "HEIF or AVIF");
  EXPECT_EQ(name_of(image_format::unknown), "no known image format");
}

TEST(format, a_beginning_is_shown_as_text_if_it_is_text) {
  EXPECT_EQ(beginning_of(of("short\nlines")), "\"short lines\"");
  EXPECT_EQ(beginning_of(of("no more than sixteen")), "\"no more than six\"");
  EXPECT_EQ(beginning_of(bytes{0x00, 0x1F, 0xFF}), "00 1f ff");
  EXPECT_EQ(beginning_of(of("\x1b[31m red for a terminal")), "1b 5b 33 31 6d 20 72 65");
}
