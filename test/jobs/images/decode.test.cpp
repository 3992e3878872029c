// SPDX-License-Identifier: Apache-2.0
// Every kind of file a decoder meets: what it gives, what it refuses, and in which words.
#include <cmath>
#include <gtest/gtest.h>
#include <string>

#include <quartet/jobs/images/decode.hpp>
#include <quartet/jobs/images/image_error.hpp>

#include "support.hpp"

using namespace quartet::jobs;
using image_test::bytes;
using image_test::jpeg_recipe;
using image_test::make_jpeg;
using image_test::make_png;
using image_test::png_recipe;

namespace {

constexpr unsigned in_full = 100'000;

struct refusal {
  image_status status;
  std::string message;
};

refusal refused(bytes const& content) {
  try {
    decode_image(content, in_full);
  } catch (image_error const& error) {
    return {error.status(), error.what()};
  }
  return {image_status::done, "was not refused"};
}

void expect_unsupported(bytes const& content, std::string const& feature) {
  auto const [status, message] = refused(content);
  EXPECT_EQ(status, image_status::unsupported);
  EXPECT_EQ(message, feature +
                         " is not yet supported; the file was left out, so convert it with "
                         "another program");
}

void expect_damaged(bytes const& content, std::string const& how) {
  auto const [status, message] = refused(content);
  EXPECT_EQ(status, image_status::failed);
  EXPECT_EQ(message, "damaged: " + how + "; get the file again from where it came from");
}

bytes some_jpeg(jpeg_recipe const& recipe = {}) {
  unsigned const channels = recipe.stored == jpeg_recipe::colours::gray   ? 1
                            : recipe.stored >= jpeg_recipe::colours::cmyk ? 4
                                                                          : 3;
  return make_jpeg(120, 83, image_test::some_picture(120, 83, channels), recipe);
}

/// Against the plain decoder, in the same file, so that only the luma can differ.
double difference_to_plain(bytes const& content) {
  image_test::temporary_folder folder;
  image_test::write(folder / "picture", content);
  auto const expected = image_test::plain_luma(image_test::read_plainly(folder / "picture"));
  auto const image = decode_image(content, in_full).image;
  return image_test::mean_difference({image.pixels.begin(), image.pixels.end()}, expected);
}

bytes one_colour_png(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  return make_png(1, 1, {red, green, blue}, {});
}

void put_big_endian(bytes& content, std::size_t at, unsigned value, int count) {
  for (int i = 0; i < count; ++i) {
    content[at + static_cast<unsigned>(i)] =
        static_cast<std::uint8_t>(value >> (8 * (count - 1 - i)));
  }
}

/// Writes other sides into the frame header of a JPEG.
bytes with_sides(bytes jpeg, unsigned width, unsigned height) {
  for (std::size_t i = 2; i + 9 < jpeg.size(); ++i) {
    if (jpeg[i] != 0xFF || (jpeg[i + 1] != 0xC0 && jpeg[i + 1] != 0xC2)) continue;
    put_big_endian(jpeg, i + 5, height, 2);
    put_big_endian(jpeg, i + 7, width, 2);
    return jpeg;
  }
  throw std::runtime_error("no frame header");
}

}  // namespace

TEST(decode, a_jpeg_is_shrunk_to_the_smallest_power_of_two_that_keeps_the_width) {
  auto const content = image_test::read(image_test::photo(4));  // 1600 x 1067
  struct expectation {
    unsigned width, shrunk_by, decoded_width, decoded_height;
  };
  for (auto const& e :
       {expectation{100, 8, 200, 134}, expectation{200, 8, 200, 134}, expectation{201, 4, 400, 267},
        expectation{400, 4, 400, 267}, expectation{401, 2, 800, 534},
        expectation{801, 1, 1600, 1067}, expectation{5000, 1, 1600, 1067}}) {
    auto const decoded = decode_image(content, e.width);
    EXPECT_EQ(decoded.format, image_format::jpeg);
    EXPECT_EQ(decoded.shrunk_by, e.shrunk_by) << e.width;
    EXPECT_EQ(decoded.image.width, e.decoded_width) << e.width;
    EXPECT_EQ(decoded.image.height, e.decoded_height) << e.width;
    EXPECT_EQ(decoded.full_width, 1600u);
    EXPECT_EQ(decoded.full_height, 1067u);
    EXPECT_EQ(decoded.image.pixels.size(), std::size_t{e.decoded_width} * e.decoded_height);
  }
}

TEST(decode, every_way_of_storing_a_jpeg_gives_the_same_luma_as_the_plain_decoder) {
  for (auto stored :
       {jpeg_recipe::colours::gray, jpeg_recipe::colours::ycbcr, jpeg_recipe::colours::rgb}) {
    for (bool progressive : {false, true}) {
      EXPECT_LE(difference_to_plain(some_jpeg({.stored = stored, .progressive = progressive})), 0.5)
          << static_cast<int>(stored) << progressive;
    }
  }
}

TEST(decode, every_kind_of_opaque_png_gives_the_same_luma_as_the_plain_decoder) {
  bytes const gray = image_test::some_picture(40, 30, 1);
  bytes const rgb = image_test::some_picture(40, 30, 3);
  bytes palette = image_test::some_picture(16, 16, 3);
  for (bool interlaced : {false, true}) {
    EXPECT_LE(difference_to_plain(make_png(40, 30, gray, {.type = 0, .interlaced = interlaced})),
              0.01);
    EXPECT_LE(difference_to_plain(make_png(40, 30, rgb, {.type = 2, .interlaced = interlaced})),
              0.51);
    EXPECT_LE(difference_to_plain(make_png(
                  40, 30, gray, {.type = 3, .interlaced = interlaced, .palette = palette})),
              0.51);
    for (int depth : {1, 2, 4}) {
      bytes const packed(gray.begin(), gray.begin() + 5 * depth * 30);
      EXPECT_LE(difference_to_plain(make_png(
                    40, 30, packed, {.type = 0, .depth = depth, .interlaced = interlaced})),
                0.01);
    }
    bytes const deep = image_test::some_picture(40, 30, 6);
    EXPECT_LE(difference_to_plain(
                  make_png(40, 30, deep, {.type = 2, .depth = 16, .interlaced = interlaced})),
              0.8);
    bytes const deep_gray = image_test::some_picture(40, 30, 2);
    EXPECT_LE(difference_to_plain(
                  make_png(40, 30, deep_gray, {.type = 0, .depth = 16, .interlaced = interlaced})),
              0.51);
  }
}

TEST(decode, primaries_have_the_luma_of_rec_601) {
  auto luma = [](bytes const& png) { return int{decode_image(png, 1).image.pixels[0]}; };
  EXPECT_EQ(luma(one_colour_png(255, 0, 0)), 76);
  EXPECT_EQ(luma(one_colour_png(0, 255, 0)), 150);
  EXPECT_EQ(luma(one_colour_png(0, 0, 255)), 29);
  EXPECT_EQ(luma(one_colour_png(255, 255, 255)), 255);
  for (std::uint8_t level : {0, 1, 100, 254}) {
    EXPECT_EQ(luma(one_colour_png(level, level, level)), level);
  }
}

TEST(decode, an_orientation_other_than_upright_is_not_yet_supported) {
  for (bool big_endian : {false, true}) {
    for (int orientation = 2; orientation <= 8; ++orientation) {
      bytes const exif = image_test::exif_with_orientation(orientation, big_endian);
      std::string const feature = "EXIF orientation " + std::to_string(orientation);
      expect_unsupported(some_jpeg({.exif = exif}), feature);
      expect_unsupported(make_png(1, 1, {1, 2, 3}, {.exif = exif}), feature);
    }
  }
}

TEST(decode, an_upright_or_senseless_orientation_is_no_obstacle) {
  for (int orientation : {0, 1, 9, 65535}) {
    bytes const exif = image_test::exif_with_orientation(orientation);
    EXPECT_NO_THROW(decode_image(some_jpeg({.exif = exif}), in_full)) << orientation;
  }
  bytes const whole = image_test::exif_with_orientation(6);
  for (std::size_t length = 1; length < 20; ++length) {  // the value ends at byte 20
    bytes const cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_NO_THROW(decode_image(some_jpeg({.exif = cut}), in_full)) << length;
  }
}

TEST(decode, an_srgb_profile_is_no_obstacle) {
  bytes const srgb = image_test::matrix_profile(image_test::srgb_primaries(), 2.2);
  EXPECT_NO_THROW(decode_image(some_jpeg({.profile = srgb}), in_full));
  EXPECT_NO_THROW(decode_image(make_png(1, 1, {1, 2, 3}, {.profile = srgb}), in_full));
}

TEST(decode, any_other_profile_is_not_yet_supported) {
  std::string const feature = "an embedded colour profile other than sRGB";
  auto swapped = image_test::srgb_primaries();
  std::swap_ranges(swapped.begin(), swapped.begin() + 3, swapped.begin() + 6);
  expect_unsupported(some_jpeg({.profile = image_test::matrix_profile(swapped, 2.2)}), feature);
  auto const dark = image_test::matrix_profile(image_test::srgb_primaries(), 1.8);
  expect_unsupported(some_jpeg({.profile = dark}), feature);
  expect_unsupported(make_png(1, 1, {1, 2, 3}, {.profile = dark}), feature);
  bytes const cut(dark.begin(), dark.begin() + 150);
  expect_unsupported(some_jpeg({.profile = cut}), feature);
}

TEST(decode, four_inks_are_not_yet_supported) {
  expect_unsupported(some_jpeg({.stored = jpeg_recipe::colours::cmyk}), "CMYK colour");
  expect_unsupported(some_jpeg({.stored = jpeg_recipe::colours::ycck}), "YCCK colour");
}

TEST(decode, transparency_is_not_yet_supported) {
  expect_unsupported(make_png(1, 1, {1, 2, 3, 4}, {.type = 6}), "an alpha channel");
  expect_unsupported(make_png(1, 1, {1, 2}, {.type = 4}), "an alpha channel");
  expect_unsupported(make_png(1, 1, {0}, {.type = 3, .palette = {9, 9, 9}, .transparency = {0}}),
                     "a transparent colour");
}

TEST(decode, formats_that_come_later_are_named) {
  expect_unsupported(image_test::read(image_test::photo(18)), "WebP");
  expect_unsupported({'G', 'I', 'F', '8', '9', 'a'}, "GIF");
}

TEST(decode, what_is_no_image_is_told_with_its_beginning) {
  auto const text = refused(image_test::read(image_test::photo(23)));
  EXPECT_EQ(text.status, image_status::failed);
  EXPECT_EQ(text.message,
            "is not an image (starts with \"this is not a pi\"); leave it out, or get the file "
            "again");
  EXPECT_EQ(refused({}).message, "is empty; get the file again from where it came from");
}

TEST(decode, a_jpeg_cut_anywhere_is_damaged) {
  for (bool progressive : {false, true}) {
    bytes const whole = some_jpeg({.progressive = progressive});
    ASSERT_NO_THROW(decode_image(whole, in_full));
    for (std::size_t length = 3; length < whole.size(); length += 1 + length / 40) {
      bytes const cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
      auto const [status, message] = refused(cut);
      ASSERT_EQ(status, image_status::failed) << length << " of " << whole.size();
      ASSERT_TRUE(message.starts_with("damaged: ")) << message;
    }
    bytes const without_end(whole.begin(), whole.end() - 2);
    expect_damaged(without_end, "Premature end of JPEG file");
  }
}

TEST(decode, a_png_cut_anywhere_is_damaged) {
  for (bool interlaced : {false, true}) {
    bytes const whole =
        make_png(40, 30, image_test::some_picture(40, 30, 3), {.interlaced = interlaced});
    ASSERT_NO_THROW(decode_image(whole, in_full));
    for (std::size_t length = 8; length < whole.size(); ++length) {
      bytes const cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
      auto const [status, message] = refused(cut);
      ASSERT_EQ(status, image_status::failed) << length << " of " << whole.size();
      ASSERT_TRUE(message.starts_with("damaged: ")) << message;
    }
  }
}

TEST(decode, no_changed_byte_does_worse_than_an_error) {
  bytes const jpeg =
      some_jpeg({.profile = image_test::matrix_profile(image_test::srgb_primaries(), 2.2)});
  bytes const png = make_png(40, 30, image_test::some_picture(40, 30, 3), {.interlaced = true});
  for (bytes const* whole : {&jpeg, &png}) {
    for (std::size_t at = 8; at < whole->size(); ++at) {
      bytes changed = *whole;
      changed[at] ^= static_cast<std::uint8_t>(1 + at % 255);
      try {
        auto const image = decode_image(changed, 64).image;
        EXPECT_EQ(image.pixels.size(), std::size_t{image.width} * image.height);
      } catch (image_error const&) {  // as it should be
      }
    }
  }
}

TEST(decode, a_header_that_claims_too_much_is_refused_with_the_numbers) {
  std::string const expected =
      "too large: its header claims 60000 x 60000 pixels, that is 3600 megapixels, and the limit "
      "is 500; leave it out, or shrink it with another program first";
  EXPECT_EQ(refused(image_test::read(image_test::photo(22))).message, expected);
  EXPECT_EQ(refused(with_sides(some_jpeg(), 60'000, 60'000)).message, expected);
  EXPECT_EQ(refused(with_sides(some_jpeg({.progressive = true}), 60'000, 60'000)).message,
            expected);
}

TEST(decode, a_header_beyond_what_the_bytes_can_hold_takes_no_memory) {
  bytes png = make_png(20'000, 1, bytes(60'000), {});
  put_big_endian(png, 20, 20'000, 4);      // the height
  put_big_endian(png, 29, 0x6c12d16e, 4);  // its checksum
  auto const message = refused(png).message;
  EXPECT_TRUE(message.starts_with("damaged: its header claims 20000 x 20000 pixels, which "))
      << message;
}

TEST(decode, a_large_scan_of_a_hundred_megapixels_is_allowed) {
  auto const decoded =
      decode_image(make_png(10'000, 10'000, bytes(12'500'000), {.type = 0, .depth = 1}), 256);
  EXPECT_EQ(decoded.image.width, 10'000u);
  EXPECT_EQ(decoded.image.pixels.size(), 100'000'000u);
}

TEST(decode, a_progressive_jpeg_that_needs_too_much_memory_at_once_is_refused) {
  auto const message =
      refused(with_sides(some_jpeg({.progressive = true}), 22'000, 22'000)).message;
  EXPECT_EQ(message,
            "too large: decoding it needs more than 1024 MiB at once; save it as a "
            "baseline JPEG with another program first");
}

TEST(decode, an_interlaced_colour_png_that_needs_too_much_memory_at_once_is_refused) {
  bytes png = make_png(19'000, 19'000, bytes(19'000 * 2'375),
                       {.type = 3, .depth = 1, .interlaced = true, .palette = {0, 0, 0, 9, 9, 9}});
  EXPECT_EQ(refused(png).message,
            "too large: decoding it needs 1033 MiB at once and the limit is 1024; save it without "
            "interlacing, or shrink it, with another program first");
}

TEST(decode, a_jpeg_of_endless_scans_is_refused) {
  bytes jpeg = some_jpeg({.progressive = true});
  std::size_t last = jpeg.size();
  while (!(jpeg[last - 2] == 0xFF && jpeg[last - 1] == 0xDA)) --last;
  bytes const scan(jpeg.begin() + static_cast<std::ptrdiff_t>(last) - 2, jpeg.end() - 2);
  jpeg.resize(jpeg.size() - 2);
  for (int i = 0; i < 600; ++i) jpeg.insert(jpeg.end(), scan.begin(), scan.end());
  jpeg.insert(jpeg.end(), {0xFF, 0xD9});
  auto const [status, message] = refused(jpeg);
  EXPECT_EQ(status, image_status::failed);
  EXPECT_TRUE(message.starts_with("damaged: ")) << message;
}
