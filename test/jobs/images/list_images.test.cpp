// SPDX-License-Identifier: Apache-2.0
// Which files count, in which order, and what is said about folders that cannot be listed.
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <quartet/jobs/images/image_error.hpp>
#include <quartet/jobs/images/list_images.hpp>

#include "support.hpp"

using namespace quartet::jobs;
using image_test::write;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> relative_names(std::string const& folder) {
  std::vector<std::string> names;
  for (auto const& found : list_images(folder)) names.push_back(found.relative);
  return names;
}

std::string refusal(std::string const& folder) {
  try {
    list_images(folder);
  } catch (image_error const& error) {
    EXPECT_EQ(error.status(), image_status::failed);
    return error.what();
  }
  return "was not refused";
}

using names = std::vector<std::string>;

}  // namespace

TEST(list_images, finds_every_photograph_in_the_order_of_its_name) {
  auto const found = list_images(image_test::photos());
  ASSERT_EQ(found.size(), 24u);
  EXPECT_EQ(found.front().relative, "01-plain-9mp.jpg");
  EXPECT_EQ(found.front().path, image_test::photo(1));
  EXPECT_EQ(found.front().bytes, 1'129'515u);
  EXPECT_EQ(found.back().path, image_test::photo(24));
}

TEST(list_images, goes_down_and_sorts_by_the_whole_relative_name) {
  image_test::temporary_folder folder;
  for (char const* name : {"b/c/deep.png", "b.jpg", "a.jpg", "b/a.jpg", "B.JPG"}) {
    write(folder / name, "x");
  }
  names const expected{"B.JPG", "a.jpg", "b.jpg", "b/a.jpg", "b/c/deep.png"};
  EXPECT_EQ(relative_names(folder.path()), expected);
  EXPECT_EQ(relative_names(folder.path() + "/"), expected);
  EXPECT_EQ(relative_names(folder.path() + "/b/.."), expected);
}

TEST(list_images, four_endings_count_in_any_case_and_nothing_else) {
  image_test::temporary_folder folder;
  for (char const* name : {"a.jpg", "b.JPEG", "c.Png", "d.webp", "e.gif", "jpg", "f.jpg.part",
                           "g.jpgx", "notes.txt"}) {
    write(folder / name, "x");
  }
  EXPECT_EQ(relative_names(folder.path()), (names{"a.jpg", "b.JPEG", "c.Png", "d.webp"}));
}

TEST(list_images, hidden_names_are_skipped) {
  image_test::temporary_folder folder;
  for (char const* name : {"a.jpg", ".b.jpg", ".thumbnails/c.jpg", ".jpg"}) {
    write(folder / name, "x");
  }
  EXPECT_EQ(relative_names(folder.path()), names{"a.jpg"});
}

TEST(list_images, links_to_files_count_and_circles_of_folders_end) {
  image_test::temporary_folder folder;
  write(folder / "in/a.jpg", "x");
  fs::create_symlink("a.jpg", folder / "in/b.jpg");
  fs::create_symlink("nowhere", folder / "in/c.jpg");
  fs::create_directory_symlink("..", folder / "in/circle");
  EXPECT_EQ(relative_names(folder / "in"), (names{"a.jpg", "b.jpg", "c.jpg"}));
}

TEST(list_images, only_files_count_whatever_they_are_called) {
  image_test::temporary_folder folder;
  write(folder / "folder.jpg/a.png", "x");
  ASSERT_EQ(::mkfifo((folder / "pipe.jpg").c_str(), 0600), 0);
  EXPECT_EQ(relative_names(folder.path()), names{"folder.jpg/a.png"});
}

TEST(list_images, names_that_are_no_text_survive) {
  image_test::temporary_folder folder;
  std::string const name = "caf\xE9 \n.jpg";
  write(folder / name, "x");
  EXPECT_EQ(relative_names(folder.path()), names{name});
}

TEST(list_images, a_folder_that_is_not_there_is_said) {
  EXPECT_EQ(refusal("/no/such/place"),
            "/no/such/place: no such folder; check the name of the folder that holds your images");
  EXPECT_EQ(refusal(""), "no input folder is named; name the folder that holds your images");
}

TEST(list_images, a_file_is_not_taken_for_a_folder) {
  EXPECT_EQ(refusal(image_test::photo(1)),
            image_test::photo(1) + ": is not a folder; name the folder that holds your images");
}

TEST(list_images, a_folder_without_images_is_said) {
  image_test::temporary_folder folder;
  write(folder / "notes.txt", "x");
  EXPECT_EQ(refusal(folder.path()),
            folder.path() +
                ": holds no images; quartet looks for names that end in .jpg, .jpeg, "
                ".png or .webp, in this folder and those below it");
}

TEST(list_images, a_folder_that_cannot_be_read_is_said) {
  image_test::temporary_folder folder;
  write(folder / "in/a.jpg", "x");
  fs::permissions(folder / "in", fs::perms::none);
  std::string message;
  {
    image_test::without_privileges const nobody;
    message = refusal(folder / "in");
  }
  fs::permissions(folder / "in", fs::perms::owner_all);
  EXPECT_EQ(message, (folder / "in") +
                         ": cannot be read (Permission denied); change its "
                         "permissions, or run as a user who may");
}

TEST(list_images, a_folder_below_that_cannot_be_read_is_listed_instead_of_missed) {
  image_test::temporary_folder folder;
  write(folder / "a.jpg", "x");
  write(folder / "locked/b.jpg", "x");
  fs::permissions(folder / "locked", fs::perms::none);
  names found;
  {
    image_test::without_privileges const nobody;
    found = relative_names(folder.path());
  }
  fs::permissions(folder / "locked", fs::perms::owner_all);
  EXPECT_EQ(found, (names{"a.jpg", "locked"}));
}
