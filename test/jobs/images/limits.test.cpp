// SPDX-License-Identifier: Apache-2.0
// What is refused by size, and that the refusal names the numbers.
#include <gtest/gtest.h>
#include <string>

#include <quartet/jobs/images/image_error.hpp>
#include <quartet/jobs/images/limits.hpp>

using namespace quartet::jobs;

namespace {

template <class F> std::string message_of(F const& f) {
  try {
    f();
  } catch (image_error const& error) {
    EXPECT_EQ(error.status(), image_status::failed);
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace

TEST(limits, a_scan_of_ten_thousand_by_ten_thousand_is_allowed) {
  EXPECT_NO_THROW(require_allowed_size(10'000, 10'000));
  EXPECT_NO_THROW(require_allowed_size(1, 1));
  EXPECT_NO_THROW(require_allowed_size(max_image_pixels, 1));
}

TEST(limits, a_claim_of_sixty_thousand_squared_is_refused_with_the_numbers) {
  EXPECT_EQ(message_of([] { require_allowed_size(60'000, 60'000); }),
            "too large: its header claims 60000 x 60000 pixels, that is 3600 megapixels, and the "
            "limit is 500; leave it out, or shrink it with another program first");
}

TEST(limits, one_pixel_too_many_is_refused) {
  EXPECT_THROW(require_allowed_size(max_image_pixels + 1, 1), image_error);
  EXPECT_THROW(require_allowed_size(0xFFFF'FFFF, 0xFFFF'FFFF), image_error);
}

TEST(limits, a_side_of_zero_is_damage) {
  EXPECT_EQ(message_of([] { require_allowed_size(0, 7); }),
            "damaged: its header claims 0 x 7 pixels; get the file again");
}

TEST(limits, a_decoder_may_not_take_more_than_its_share_of_memory) {
  EXPECT_NO_THROW(require_allowed_memory(max_decoder_bytes));
  EXPECT_EQ(message_of([] { require_allowed_memory(max_decoder_bytes + 1); }),
            "too large: decoding it needs 1025 MiB at once and the limit is 1024; save it without "
            "interlacing, or shrink it, with another program first");
}
