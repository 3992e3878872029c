// SPDX-License-Identifier: Apache-2.0
// Names of results, ranges of options, and the plans that would overwrite something.
#include <filesystem>
#include <gtest/gtest.h>

#include <quartet/jobs/images/image_error.hpp>
#include <quartet/jobs/images/plan_images.hpp>

#include "support.hpp"

using namespace quartet::jobs;
using image_test::write;
namespace fs = std::filesystem;

namespace {

template <class F> std::string refusal(F const& f) {
  try {
    f();
  } catch (image_error const& error) {
    EXPECT_EQ(error.status(), image_status::failed);
    return error.what();
  }
  return "was not refused";
}

}  // namespace

TEST(plan_images, keeps_the_structure_of_the_folder_and_passes_the_options_on) {
  image_test::temporary_folder folder;
  write(folder / "in/b/a.png", "x");
  write(folder / "in/a.jpg", "x");
  auto const tasks = plan_images(folder / "in", folder / "out", {.width = 99, .quality = 42});
  std::vector<image_task> const expected{
      {folder / "in/a.jpg", folder / "out/a.jpg", 99, 42},
      {folder / "in/b/a.png", folder / "out/b/a.png", 99, 42},
  };
  EXPECT_EQ(tasks, expected);
  EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST(plan_images, width_and_quality_have_ranges) {
  for (unsigned width : {1u, 256u, 65'500u}) EXPECT_NO_THROW(require_valid({.width = width}));
  for (int quality : {1, 85, 100}) EXPECT_NO_THROW(require_valid({.quality = quality}));
  EXPECT_EQ(refusal([] { require_valid({.width = 0}); }),
            "width 0 is out of range; choose 1 to 65500 pixels");
  EXPECT_EQ(refusal([] { require_valid({.width = 65'501}); }),
            "width 65501 is out of range; choose 1 to 65500 pixels");
  EXPECT_EQ(refusal([] { require_valid({.quality = 0}); }),
            "quality 0 is out of range; choose 1 to 100");
  EXPECT_EQ(refusal([] { require_valid({.quality = 101}); }),
            "quality 101 is out of range; choose 1 to 100");
  EXPECT_EQ(refusal([] { plan_images(image_test::photos(), "/out", {.quality = -3}); }),
            "quality -3 is out of range; choose 1 to 100");
}

TEST(plan_images, a_missing_input_folder_is_said_as_list_images_says_it) {
  EXPECT_EQ(refusal([] { plan_images("/no/such/place", "/out"); }),
            "/no/such/place: no such folder; check the name of the folder that holds your images");
}

TEST(plan_images, the_output_may_not_be_the_input_nor_inside_it_however_it_is_spelt) {
  image_test::temporary_folder folder;
  write(folder / "in/a.jpg", "x");
  fs::create_directory_symlink("in", folder / "link");
  for (char const* out : {"in", "in/", "in/thumbs", "link", "link/a", "in/../in", "./in/."}) {
    auto const message = refusal([&] { plan_images(folder / "in", folder / out); });
    EXPECT_TRUE(message.starts_with((folder / out) + ": the output folder is the input folder " +
                                    (folder / "in") + ", or lies inside it"))
        << message;
  }
  EXPECT_NO_THROW(plan_images(folder / "in", folder / "in-thumbs"));
}

TEST(plan_images, no_output_folder_is_said) {
  EXPECT_EQ(refusal([] { plan_images(image_test::photos(), ""); }),
            "no output folder is named; name a folder for the results");
}

TEST(plan_images, an_output_that_is_a_file_is_said) {
  image_test::temporary_folder folder;
  write(folder / "out", "x");
  EXPECT_EQ(
      refusal([&] { plan_images(image_test::photos(), folder / "out"); }),
      (folder / "out") + ": is not a folder; choose another output folder, or move that file");
}

TEST(plan_images, a_result_never_replaces_a_photograph) {
  image_test::temporary_folder folder;
  write(folder / "in/in/a.jpg", "x");
  write(folder / "in/a.jpg", "x");
  EXPECT_EQ(refusal([&] { plan_images(folder / "in", folder.path()); }),
            (folder / "in/a.jpg") +
                ": the result would replace one of the photographs; choose "
                "another output folder");
}

TEST(plan_images, two_images_never_share_one_result) {
  std::vector<found_image> const images{{"/first/a.jpg", "a.jpg", 1},
                                        {"/second/a.jpg", "a.jpg", 1}};
  EXPECT_EQ(refusal([&] { plan_images(images, "/out"); }),
            "/out/a.jpg: would be made from both /first/a.jpg and /second/a.jpg; rename one of "
            "them, or convert them into two output folders");
}

TEST(plan_images, the_output_folder_is_made_and_left_empty) {
  image_test::temporary_folder folder;
  prepare_output_folder(folder / "new/out");
  EXPECT_EQ(folder.everything(), (std::vector<std::string>{"new", "new/out"}));
  EXPECT_NO_THROW(prepare_output_folder(folder / "new/out"));
}

TEST(plan_images, an_output_folder_that_cannot_be_written_is_said_before_the_start) {
  image_test::temporary_folder folder;
  fs::create_directory(folder / "out");
  fs::permissions(folder / "out", fs::perms{0555});
  image_test::without_privileges const nobody;
  EXPECT_EQ(refusal([&] { prepare_output_folder(folder / "out"); }),
            (folder / "out") +
                ": cannot be written to (Permission denied); change its "
                "permissions, or run as a user who may");
  EXPECT_EQ(refusal([&] { prepare_output_folder(folder / "out/below"); }),
            (folder / "out/below") +
                ": cannot be made (Permission denied); change its "
                "permissions, or run as a user who may");
}

TEST(plan_images, a_file_in_the_way_of_the_output_folder_is_said) {
  image_test::temporary_folder folder;
  write(folder / "file", "x");
  EXPECT_EQ(refusal([&] { prepare_output_folder(folder / "file/out"); }),
            (folder / "file/out") +
                ": cannot be made (Not a directory); a file stands where a "
                "folder is needed: move it, or choose another folder");
}
