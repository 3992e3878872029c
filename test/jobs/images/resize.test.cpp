// SPDX-License-Identifier: Apache-2.0
// The filter against the plain one, and where filters go wrong: edges, plain colours, tiny sides.
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <string>

#include <quartet/jobs/images/image_error.hpp>
#include <quartet/jobs/images/resize.hpp>

#include "support.hpp"

using namespace quartet::jobs;

namespace {

gray_image picture(unsigned width, unsigned height) {
  return {width, height, image_test::some_picture(width, height, 1)};
}

double largest_difference(gray_image const& a, std::vector<double> const& b) {
  double largest = 0;
  for (std::size_t i = 0; i < b.size(); ++i)
    largest = std::max(largest, std::abs(a.pixels[i] - b[i]));
  return largest;
}

}  // namespace

TEST(resize, agrees_with_the_plain_filter_to_the_rounding) {
  struct sides {
    unsigned from_width, from_height, width, height;
  };
  for (auto const& s : {sides{301, 199, 64, 42}, sides{64, 64, 63, 63}, sides{17, 400, 5, 118},
                        sides{1000, 3, 10, 1}, sides{33, 31, 1, 1}}) {
    gray_image const source = picture(s.from_width, s.from_height);
    gray_image const result = resize(source, {.width = s.width, .height = s.height});
    std::vector<double> const gray(source.pixels.begin(), source.pixels.end());
    auto const expected =
        image_test::plain_resize(gray, s.from_width, s.from_height, s.width, s.height);
    EXPECT_EQ(result.width, s.width);
    EXPECT_EQ(result.height, s.height);
    ASSERT_EQ(result.pixels.size(), expected.size());
    EXPECT_LE(largest_difference(result, expected), 0.51) << s.from_width << "x" << s.from_height;
  }
}

TEST(resize, a_plain_colour_stays_exactly_that_colour_up_to_every_edge) {
  for (int level : {0, 1, 127, 254, 255}) {
    gray_image source{137, 71, {}};
    source.pixels.assign(137 * 71, static_cast<std::uint8_t>(level));
    for (std::uint8_t pixel : resize(source, {.width = 41, .height = 13}).pixels) {
      ASSERT_EQ(pixel, level);
    }
  }
}

TEST(resize, the_same_size_gives_the_same_pixels) {
  gray_image const source = picture(37, 23);
  EXPECT_EQ(resize(source, {.width = 37, .height = 23}), source);
}

TEST(resize, one_pixel_stays_one_pixel) {
  EXPECT_EQ(resize({1, 1, {200}}, {.width = 1, .height = 1}), (gray_image{1, 1, {200}}));
}

TEST(resize, overshoot_beside_an_edge_is_cut_off_at_black_and_white) {
  gray_image source{64, 1, {}};
  for (int x = 0; x < 64; ++x) source.pixels.push_back(x < 32 ? 0 : 255);
  auto const result = resize(source, {.width = 32, .height = 1});
  EXPECT_EQ(result.pixels[14], 0);
  EXPECT_EQ(result.pixels[17], 255);
}

TEST(resize, a_source_that_covers_less_than_its_last_row_is_not_stretched) {
  // 20 rows stand for 19.5: the edge at row 8 lies at 8 / 19.5 of the height.
  gray_image source{1, 20, {}};
  for (int y = 0; y < 20; ++y) source.pixels.push_back(y < 8 ? 0 : 240);
  auto const cut = resize(source, {.width = 1, .height = 39, .covers_height = 19.5});
  EXPECT_EQ(cut.pixels[15], 120 - (cut.pixels[16] - 120));  // symmetric about row 16 of 39
}

TEST(resize, covering_more_than_there_is_means_all) {
  gray_image const source = picture(40, 30);
  EXPECT_EQ(resize(source, {.width = 7, .height = 5, .covers_width = 99, .covers_height = 99}),
            resize(source, {.width = 7, .height = 5}));
}

TEST(resize, refuses_sides_of_zero_and_pixels_that_do_not_match) {
  EXPECT_THROW(resize({0, 0, {}}, {.width = 1, .height = 1}), image_error);
  EXPECT_THROW(resize({1, 1, {5}}, {.width = 0, .height = 1}), image_error);
  EXPECT_THROW(resize({1, 1, {5}}, {.width = 1, .height = 0}), image_error);
  try {
    resize({2, 2, {5}}, {.width = 1, .height = 1});
    ADD_FAILURE() << "nothing was thrown";
  } catch (image_error const& error) {
    EXPECT_STREQ(error.what(),
                 "cannot resize 2 x 2 pixels, held in 1 bytes, to 1 x 1; no side may be 0");
  }
}

TEST(resize, the_height_keeps_the_ratio_rounds_half_up_and_is_never_zero) {
  EXPECT_EQ(height_at_width(1920, 1280, 256), 171u);
  EXPECT_EQ(height_at_width(4000, 2248, 256), 144u);
  EXPECT_EQ(height_at_width(4, 6, 3), 5u);  // 4.5
  EXPECT_EQ(height_at_width(10'000, 1, 256), 1u);
  EXPECT_EQ(height_at_width(1, 65'500, 1), 65'500u);
  EXPECT_EQ(height_at_width(1, 500'000'000, 1), 500'000'000u);
}
