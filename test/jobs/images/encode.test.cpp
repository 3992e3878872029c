// SPDX-License-Identifier: Apache-2.0
// What is written can be read again, and is what was given.
#include <gtest/gtest.h>
#include <random>
#include <string>

#include <quartet/jobs/images/decode.hpp>
#include <quartet/jobs/images/encode.hpp>
#include <quartet/jobs/images/image_error.hpp>

#include "support.hpp"

using namespace quartet::jobs;

namespace {

gray_image picture(unsigned width, unsigned height) {
  return {width, height, image_test::some_picture(width, height, 1)};
}

double difference(gray_image const& a, gray_image const& b) {
  return image_test::mean_difference({a.pixels.begin(), a.pixels.end()},
                                     {b.pixels.begin(), b.pixels.end()});
}

std::string refusal(gray_image const& image, image_format format) {
  try {
    encode_image(image, format, 85);
  } catch (image_error const& error) {
    return error.what();
  }
  return "was not refused";
}

}  // namespace

TEST(encode, a_png_comes_back_exactly) {
  for (auto const& image : {picture(123, 77), gray_image{1, 1, {9}}}) {
    auto const back = decode_image(encode_image(image, image_format::png, 1), 1);
    EXPECT_EQ(back.format, image_format::png);
    EXPECT_EQ(back.image, image);
  }
}

TEST(encode, a_jpeg_comes_back_closer_at_a_higher_quality_and_in_fewer_bytes_at_a_lower) {
  auto const image = picture(320, 200);
  auto const high = encode_image(image, image_format::jpeg, 95);
  auto const low = encode_image(image, image_format::jpeg, 30);
  EXPECT_LT(low.size(), high.size());
  double const of_high = difference(decode_image(high, 999).image, image);
  EXPECT_LT(of_high, 2);
  EXPECT_LT(of_high, difference(decode_image(low, 999).image, image));
}

TEST(encode, a_jpeg_larger_than_its_first_guess_is_whole) {
  gray_image noise{256, 256, {}};
  std::mt19937 random(1);
  while (noise.pixels.size() < 256 * 256) {
    noise.pixels.push_back(static_cast<std::uint8_t>(random()));
  }
  auto const content = encode_image(noise, image_format::jpeg, 100);
  EXPECT_GT(content.size(), noise.pixels.size() / 2 + 4096);
  EXPECT_LT(difference(decode_image(content, 999).image, noise), 1);
}

TEST(encode, the_same_image_gives_the_same_bytes) {
  auto const image = picture(100, 50);
  for (auto format : {image_format::jpeg, image_format::png}) {
    EXPECT_EQ(encode_image(image, format, 85), encode_image(image, format, 85));
  }
}

TEST(encode, refuses_what_is_no_image) {
  EXPECT_EQ(refusal({0, 0, {}}, image_format::png),
            "cannot encode 0 x 0 pixels from 0 bytes; fill the image first");
  EXPECT_EQ(refusal({2, 2, {1, 2, 3}}, image_format::jpeg),
            "cannot encode 2 x 2 pixels from 3 bytes; fill the image first");
}

TEST(encode, refuses_a_side_that_jpeg_cannot_express) {
  gray_image tall{1, 65'501, {}};
  tall.pixels.resize(65'501);
  EXPECT_EQ(refusal(tall, image_format::jpeg),
            "too large for JPEG: 1 x 65501 pixels, and a side may have 65500; choose a smaller "
            "width");
  EXPECT_EQ(decode_image(encode_image(tall, image_format::png, 85), 1).image, tall);
}

TEST(encode, refuses_a_format_that_it_cannot_write) {
  EXPECT_EQ(refusal({1, 1, {1}}, image_format::webp), "cannot write WebP yet; choose JPEG or PNG");
}
