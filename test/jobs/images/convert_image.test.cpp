// SPDX-License-Identifier: Apache-2.0
// One file from end to end: against the reference, under every bad input, and with the disk full.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <type_traits>
#include <unistd.h>

#include <quartet/jobs/images/convert_image.hpp>
#include <quartet/jobs/images/decode.hpp>
#include <quartet/jobs/images/plan_images.hpp>

#include "support.hpp"

using namespace quartet::jobs;
using image_test::photo;
using image_test::write;
namespace fs = std::filesystem;

namespace {

using names = std::vector<std::string>;

static_assert(std::is_aggregate_v<image_task> && std::is_aggregate_v<image_result>);

/// What was written, read by the plain decoder, and its distance from the reference.
double difference_to_reference(std::string const& input, std::string const& output) {
  auto const full = image_test::read_plainly(input);
  auto const written = image_test::read_plainly(output);
  auto const expected = image_test::plain_resize(image_test::plain_luma(full), full.width,
                                                 full.height, written.width, written.height);
  return image_test::mean_difference(image_test::plain_luma(written), expected);
}

/// A task that must fail: nothing may be left behind.
image_result failing(image_test::temporary_folder const& folder, std::string const& input) {
  auto const result = convert_image({.input = input, .output = folder / "out/result"});
  EXPECT_NE(result.status, image_status::done);
  EXPECT_EQ(result.input, input);
  EXPECT_EQ(result.bytes_out, 0u);
  EXPECT_EQ(result.width, 0u);
  EXPECT_FALSE(fs::exists(folder / "out"));
  return result;
}

/// Runs `body` in a child process, for limits that could not be taken back here.
template <class F> bool in_child(F const& body) {
  pid_t const child = ::fork();
  if (child == 0) ::_exit(body() ? 0 : 1);
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

class convert_photo : public testing::TestWithParam<int> {};

TEST_P(convert_photo, is_within_two_levels_of_the_reference) {
  image_test::temporary_folder folder;
  std::string const input = photo(GetParam());
  std::string const output = folder / fs::path(input).filename().string();
  auto const result = convert_image({.input = input, .output = output});
  ASSERT_EQ(result.status, image_status::done) << result.message;
  EXPECT_EQ(result.message, "");
  EXPECT_EQ(result.width, 256u);
  EXPECT_EQ(result.bytes_in, fs::file_size(input));
  EXPECT_EQ(result.bytes_out, fs::file_size(output));
  double const difference = difference_to_reference(input, output);
  EXPECT_LE(difference, 2.0);
  RecordProperty("mean_difference_in_levels", std::to_string(difference));
}

INSTANTIATE_TEST_SUITE_P(photographs, convert_photo, testing::Values(1, 2, 3, 4, 5, 6, 11, 14, 17),
                         [](auto const& each) { return "number_" + std::to_string(each.param); });

TEST(convert_image, other_widths_are_as_close_to_the_reference) {
  image_test::temporary_folder folder;
  for (unsigned width : {1u, 37u, 100u, 101u, 399u, 799u}) {
    auto const result = convert_image(
        {.input = photo(24), .output = folder / "a.jpg", .width = width, .quality = 100});
    ASSERT_EQ(result.status, image_status::done) << result.message;
    EXPECT_EQ(result.width, width);
    EXPECT_LE(difference_to_reference(photo(24), folder / "a.jpg"), 2.0) << width;
  }
}

TEST(convert_image, the_result_has_one_channel_and_the_format_of_its_input) {
  image_test::temporary_folder folder;
  convert_image({.input = photo(2), .output = folder / "a.jpg"});
  convert_image({.input = photo(14), .output = folder / "b.png"});
  auto const jpeg = image_test::read(folder / "a.jpg");
  auto const png = image_test::read(folder / "b.png");
  EXPECT_EQ(format_of(jpeg), image_format::jpeg);
  EXPECT_EQ(format_of(png), image_format::png);
  EXPECT_EQ(png[25], 0);  // colour type gray
}

TEST(convert_image, an_image_narrower_than_the_width_keeps_its_size) {
  image_test::temporary_folder folder;
  auto const one = convert_image({.input = photo(21), .output = folder / "one.png"});
  EXPECT_EQ(one.status, image_status::done) << one.message;
  EXPECT_EQ(one.width, 1u);
  EXPECT_EQ(one.height, 1u);
  auto const small =
      convert_image({.input = photo(17), .output = folder / "small.png", .width = 1000});
  EXPECT_EQ(small.width, 320u);
  EXPECT_EQ(small.height, 240u);
  EXPECT_LE(difference_to_reference(photo(17), folder / "small.png"), 0.01);
}

TEST(convert_image, a_very_flat_image_keeps_a_row) {
  image_test::temporary_folder folder;
  write(folder / "flat.png",
        image_test::make_png(3000, 2, image_test::some_picture(3000, 2, 1), {.type = 0}));
  auto const result = convert_image({.input = folder / "flat.png", .output = folder / "out.png"});
  EXPECT_EQ(result.status, image_status::done) << result.message;
  EXPECT_EQ(result.height, 1u);
}

TEST(convert_image, the_quality_counts) {
  image_test::temporary_folder folder;
  auto const low = convert_image({.input = photo(2), .output = folder / "a.jpg", .quality = 10});
  auto const high = convert_image({.input = photo(2), .output = folder / "b.jpg", .quality = 95});
  EXPECT_LT(low.bytes_out * 2, high.bytes_out);
}

TEST(convert_image, folders_are_made_and_nothing_but_the_result_is_left) {
  image_test::temporary_folder folder;
  convert_image({.input = photo(24), .output = folder / "a/b/Größe 写真.jpg"});
  EXPECT_EQ(folder.everything(), (names{"a", "a/b", "a/b/Größe 写真.jpg"}));
}

TEST(convert_image, a_result_replaces_the_one_before) {
  image_test::temporary_folder folder;
  write(folder / "a.jpg", "from before");
  auto const result = convert_image({.input = photo(6), .output = folder / "a.jpg"});
  EXPECT_EQ(fs::file_size(folder / "a.jpg"), result.bytes_out);
  EXPECT_EQ(folder.everything(), names{"a.jpg"});
}

TEST(convert_image, the_result_has_the_permissions_of_any_new_file) {
  image_test::temporary_folder folder;
  ::umask(::umask(0) & 022);
  convert_image({.input = photo(21), .output = folder / "a.png"});
  mode_t const mask = ::umask(0);
  ::umask(mask);
  EXPECT_EQ(static_cast<unsigned>(fs::status(folder / "a.png").permissions()), 0666u & ~mask);
}

TEST(convert_image, what_killed_runs_left_behind_is_no_obstacle) {
  image_test::temporary_folder folder;
  std::string const stem =
      ".quartet-" + std::to_string(::getpid()) + "-" + std::to_string(::gettid()) + "-";
  write(folder / (stem + "0.part"), "half");
  write(folder / (stem + "1.part"), "half");
  auto const result = convert_image({.input = photo(21), .output = folder / "a.png"});
  EXPECT_EQ(result.status, image_status::done) << result.message;
  EXPECT_EQ(folder.everything(), (names{stem + "0.part", stem + "1.part", "a.png"}));
}

TEST(convert_image, threads_may_write_the_same_result_at_once) {
  image_test::temporary_folder folder;
  std::vector<image_result> results(4);
  {
    std::vector<std::jthread> threads;
    for (auto& result : results) {
      threads.emplace_back(
          [&] { result = convert_image({.input = photo(11), .output = folder / "a/b/same.jpg"}); });
    }
  }
  for (auto const& result : results) EXPECT_EQ(result, results[0]);
  EXPECT_EQ(results[0].status, image_status::done) << results[0].message;
  EXPECT_EQ(folder.everything(), (names{"a", "a/b", "a/b/same.jpg"}));
}

TEST(convert_image, an_input_that_is_not_there_is_said) {
  image_test::temporary_folder folder;
  EXPECT_EQ(failing(folder, "/no/such.jpg").message,
            "/no/such.jpg: cannot be read (No such file or directory); check the name; it may have "
            "been moved meanwhile");
}

TEST(convert_image, an_input_that_cannot_be_read_is_said) {
  image_test::temporary_folder folder;
  write(folder / "a.jpg", "x");
  fs::permissions(folder / "a.jpg", fs::perms::none);
  image_test::without_privileges const nobody;
  EXPECT_EQ(failing(folder, folder / "a.jpg").message,
            (folder / "a.jpg") +
                ": cannot be read (Permission denied); change its permissions, or "
                "run as a user who may");
}

TEST(convert_image, a_folder_or_a_pipe_is_no_image_and_is_not_waited_for) {
  image_test::temporary_folder folder;
  fs::create_directory(folder / "folder.jpg");
  ASSERT_EQ(::mkfifo((folder / "pipe.jpg").c_str(), 0600), 0);
  for (char const* name : {"folder.jpg", "pipe.jpg"}) {
    EXPECT_EQ(failing(folder, folder / name).message,
              (folder / name) + ": is not a file; leave it out");
  }
}

TEST(convert_image, a_truncated_jpeg_is_damaged) {
  image_test::temporary_folder folder;
  auto const result = failing(folder, photo(20));
  EXPECT_EQ(result.status, image_status::failed);
  EXPECT_EQ(result.bytes_in, 80'168u);
  EXPECT_EQ(result.message, photo(20) +
                                ": damaged: Premature end of JPEG file; get the file again "
                                "from where it came from");
}

TEST(convert_image, a_bomb_and_a_text_and_an_empty_file_fail) {
  image_test::temporary_folder folder;
  EXPECT_EQ(failing(folder, photo(22)).status, image_status::failed);
  EXPECT_EQ(failing(folder, photo(23)).message,
            photo(23) +
                ": is not an image (starts with \"this is not a pi\"); leave it out, or get "
                "the file again");
  write(folder / "empty.png", "");
  EXPECT_EQ(failing(folder, folder / "empty.png").message,
            (folder / "empty.png") + ": is empty; get the file again from where it came from");
}

TEST(convert_image, what_comes_later_is_reported_as_unsupported) {
  image_test::temporary_folder folder;
  std::vector<std::pair<int, std::string>> const expected{
      {7, "EXIF orientation 6"},
      {8, "EXIF orientation 3"},
      {9, "EXIF orientation 5"},
      {10, "CMYK colour"},
      {12, "an embedded colour profile other than sRGB"},
      {13, "an embedded colour profile other than sRGB"},
      {15, "an alpha channel"},
      {16, "a transparent colour"},
      {18, "WebP"},
      {19, "WebP"}};
  for (auto const& [number, feature] : expected) {
    auto const result = failing(folder, photo(number));
    EXPECT_EQ(result.status, image_status::unsupported);
    EXPECT_EQ(result.message, photo(number) + ": " + feature +
                                  " is not yet supported; the file was left out, so convert it "
                                  "with another program");
  }
}

TEST(convert_image, bad_options_are_a_result_like_any_other) {
  auto const result = convert_image({.input = photo(1), .output = "/nowhere", .width = 0});
  EXPECT_EQ(result.status, image_status::failed);
  EXPECT_EQ(result.message, photo(1) + ": width 0 is out of range; choose 1 to 65500 pixels");
  EXPECT_EQ(convert_image({.input = photo(1), .output = "/nowhere", .quality = 101}).message,
            photo(1) + ": quality 101 is out of range; choose 1 to 100");
}

TEST(convert_image, the_photograph_itself_is_never_replaced) {
  image_test::temporary_folder folder;
  auto const before = image_test::read(photo(21));
  write(folder / "in/a.png", before);
  fs::create_symlink("in/a.png", folder / "soft.png");
  fs::create_hard_link(folder / "in/a.png", folder / "hard.png");
  for (char const* output : {"in/a.png", "soft.png", "hard.png", "in/../in/a.png"}) {
    auto const result = convert_image({.input = folder / "in/a.png", .output = folder / output});
    EXPECT_EQ(result.status, image_status::failed);
    EXPECT_EQ(result.message, (folder / output) +
                                  ": is the photograph itself and was left as it "
                                  "is; choose another output folder");
  }
  EXPECT_EQ(image_test::read(folder / "in/a.png"), before);
}

TEST(convert_image, an_output_folder_that_cannot_be_written_is_said) {
  image_test::temporary_folder folder;
  fs::create_directory(folder / "out");
  fs::permissions(folder / "out", fs::perms{0555});
  fs::copy_file(photo(21), folder / "in.png");  // the repository may be for root's eyes alone
  image_test::without_privileges const nobody;
  auto const result = convert_image({.input = folder / "in.png", .output = folder / "out/a.png"});
  EXPECT_EQ(result.status, image_status::failed);
  EXPECT_EQ(result.message, (folder / "out/a.png") +
                                ": cannot be written (Permission denied); "
                                "change its permissions, or run as a user who "
                                "may");
  EXPECT_EQ(folder.everything(), (names{"in.png", "out"}));
}

TEST(convert_image, a_folder_in_the_place_of_the_result_leaves_nothing_behind) {
  image_test::temporary_folder folder;
  fs::create_directories(folder / "a.png");
  auto const result = convert_image({.input = photo(21), .output = folder / "a.png"});
  EXPECT_EQ(result.message, (folder / "a.png") +
                                ": cannot be written (Is a directory); a folder "
                                "stands where a file is needed: move it, or choose "
                                "another folder");
  EXPECT_EQ(folder.everything(), names{"a.png"});
}

TEST(convert_image, a_file_in_the_place_of_a_folder_is_said) {
  image_test::temporary_folder folder;
  write(folder / "sub", "x");
  auto const result = convert_image({.input = photo(21), .output = folder / "sub/a.png"});
  EXPECT_EQ(result.message, (folder / "sub") +
                                ": cannot be made (Not a directory); a file stands "
                                "where a folder is needed: move it, or choose "
                                "another folder");
}

TEST(convert_image, a_file_that_may_not_grow_leaves_nothing_behind) {
  image_test::temporary_folder folder;
  std::string const expected = (folder / "a.jpg") +
                               ": cannot be written (File too large); files may not grow so large "
                               "here: see `ulimit -f`";
  EXPECT_TRUE(in_child([&] {
    rlimit const limit{.rlim_cur = 1000, .rlim_max = 1000};
    std::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto const result = convert_image({.input = photo(2), .output = folder / "a.jpg"});
    return result.status == image_status::failed && result.message == expected;
  }));
  EXPECT_EQ(folder.everything(), names{});
}

TEST(convert_image, a_full_disk_is_said_and_nothing_is_left_behind) {
  image_test::temporary_folder folder;
  fs::create_directory(folder / "disk");
  if (::mount("none", (folder / "disk").c_str(), "tmpfs", 0, "size=8k") != 0) {
    GTEST_SKIP() << "needs the right to mount a small tmpfs";
  }
  auto const result = convert_image({.input = photo(2), .output = folder / "disk/a.jpg"});
  auto const left = folder.everything();
  ::umount((folder / "disk").c_str());
  EXPECT_EQ(result.status, image_status::failed);
  EXPECT_EQ(result.message, (folder / "disk/a.jpg") +
                                ": cannot be written (No space left on device); the disk is full: "
                                "free some space, or choose another output folder");
  EXPECT_EQ(left, names{"disk"});
}

TEST(convert_image, a_file_beyond_the_limit_is_not_even_read) {
  image_test::temporary_folder folder;
  write(folder / "a.jpg", "x");
  fs::resize_file(folder / "a.jpg", 2'000'000'001);  // a hole: it takes no space
  EXPECT_EQ(failing(folder, folder / "a.jpg").message,
            (folder / "a.jpg") +
                ": too large: 2000000001 bytes, and the limit is 2000000000; "
                "shrink it with another program first");
}

TEST(convert_image, a_whole_folder_of_all_kinds_ends_as_documented) {
  image_test::temporary_folder folder;
  int done = 0, unsupported = 0, failed = 0;
  for (auto const& task : plan_images(image_test::photos(), folder / "out")) {
    auto const status = convert_image(task).status;
    ++(status == image_status::done ? done : status == image_status::failed ? failed : unsupported);
  }
  EXPECT_EQ(done, 11);  // 01 to 06, 11, 14, 17, 21, 24
  EXPECT_EQ(unsupported, 10);
  EXPECT_EQ(failed, 3);  // 20, 22, 23
  EXPECT_EQ(folder.everything().size(), 1u + 11u);
}
