// SPDX-License-Identifier: Apache-2.0
// Everything that people get wrong, and files that are wrong: the message, the exit code, and that
// no partial file stays.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "support.hpp"

using namespace cli_test;
using quartet::cli::all_done;
using quartet::cli::bad_usage;
using quartet::cli::some_failed;

namespace {

/// Permissions are no obstacle for root: it is nobody for as long as this lives.
class nobody {
 public:
  nobody() : was_root_(geteuid() == 0) {
    if (was_root_ && seteuid(65534) != 0) throw std::runtime_error("cannot become nobody");
  }
  nobody(nobody const&) = delete;
  nobody& operator=(nobody const&) = delete;
  ~nobody() {
    if (was_root_ && seteuid(0) != 0) std::abort();
  }

 private:
  bool const was_root_;
};

void expect_refused(std::vector<std::string> const& words, std::string const& message) {
  ended const e = run_with(words);
  EXPECT_EQ(e.code, bad_usage) << message;
  EXPECT_EQ(e.err, "quartet: " + message + "\n");
  EXPECT_EQ(e.out, "");
}

/// Converts `photo` alone; it must fail with a message that holds `part`, and leave nothing.
void expect_failed(std::string const& digits, std::string const& part) {
  folder f;
  std::string const in = f.with_photos("in", {digits});
  for (std::string const model : {"sync", "async", "threads", "processes"}) {
    ended const e = run_with({"images", in, f / "out", "--on", model});
    EXPECT_EQ(e.code, some_failed) << model;
    EXPECT_TRUE(holds(e.err, (fs::path(in) / photo(digits).filename()).string() + ": ")) << e.err;
    EXPECT_TRUE(holds(e.err, part)) << e.err;
    EXPECT_TRUE(files(f / "out").empty()) << model;
  }
}

}  // namespace

TEST(bad_input, no_such_folder) {
  folder f;
  std::string const message =
      f / "nowhere" + ": no such folder; check the name of the folder that holds your images";
  expect_refused({"images", f / "nowhere", f / "out"}, message);
  expect_refused({"compare", "images", f / "nowhere"}, message);
  EXPECT_FALSE(fs::exists(f / "out")) << "nothing is made for a run that cannot begin";
}

TEST(bad_input, a_folder_without_images) {
  folder f;
  fs::create_directory(f / "in");
  expect_refused({"images", f / "in", f / "out"},
                 f / "in" +
                     ": holds no images; quartet looks for names that end in .jpg, .jpeg, "
                     ".png or .webp, in this folder and those below it");
}

TEST(bad_input, an_unreadable_file_fails_alone) {
  folder f;
  std::string const in = f.with_photos("in", {"20", "21"});
  std::string const secret = (fs::path(in) / photo("20").filename()).string();
  chmod(secret.c_str(), 0);
  nobody const now;
  ended const e = run_with({"images", in, f / "out"});
  EXPECT_EQ(e.code, some_failed);
  EXPECT_EQ(e.err, "quartet: " + secret +
                       ": cannot be read (Permission denied); change its "
                       "permissions, or run as a user who may\n");
  EXPECT_EQ(files(f / "out").size(), 1u);
}

TEST(bad_input, a_truncated_jpeg) { expect_failed("20", "damaged: "); }

TEST(bad_input, a_text_file_named_jpg) { expect_failed("23", "is not an image"); }

TEST(bad_input, a_header_that_claims_too_much) { expect_failed("22", "claims 60000 x 60000"); }

TEST(bad_input, one_pixel_stays_one_pixel_and_succeeds) {
  folder f;
  ended const e = run_with({"images", f.with_photos("in", {"21"}), f / "out"});
  EXPECT_EQ(e.code, all_done);
  auto const made = files(f / "out");
  ASSERT_EQ(made.size(), 1u);
  std::string const size("\0\0\0\1\0\0\0\1", 8);  // width and height in the header of a PNG
  EXPECT_EQ(made.begin()->second.substr(16, 8), size);
}

TEST(bad_input, files_that_may_not_grow_fail_one_by_one) {
  folder f;
  std::string const in = f.with_photos("in", {"02", "21"});
  auto* const before_signal = signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit const small{.rlim_cur = 500, .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  ended const e = run_with({"images", in, f / "out"});
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, before_signal);
  EXPECT_EQ(e.code, some_failed);
  EXPECT_TRUE(holds(e.err, ": cannot be written (File too large); ")) << e.err;
  EXPECT_EQ(files(f / "out").size(), 1u) << "the one-pixel image fits, and no part of the other";
}

TEST(bad_input, a_full_disk_is_named_and_leaves_no_partial_file) {
  folder f;
  std::string const in = f.with_photos("in", {"02"});
  fs::create_directory(f / "disk");
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  pid_t const child = fork();
  if (child == 0) {  // a mount of its own, that goes with it
    if (unshare(CLONE_NEWNS) != 0 ||
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("none", (f / "disk").c_str(), "tmpfs", 0, "size=4k") != 0)
      _exit(77);
    ended const e = run_with({"images", in, f / "disk"});
    [[maybe_unused]] ssize_t const n = write(ends[1], e.err.data(), e.err.size());
    _exit(files(f / "disk").empty() ? e.code : 99);
  }
  close(ends[1]);
  char text[4096];
  ssize_t const n = read(ends[0], text, sizeof text);
  close(ends[0]);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "needs the right to mount a small disk";
  EXPECT_EQ(WEXITSTATUS(status), some_failed);
  std::string const err(text, static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  EXPECT_TRUE(holds(err, "cannot be written (No space left on device); the disk is full")) << err;
}

TEST(bad_input, an_output_folder_that_cannot_be_written) {
  folder f;
  std::string const in = f.with_photos("in", {"21"});
  fs::create_directory(f / "out");
  chmod((f / "out").c_str(), 0555);
  {
    nobody const now;
    expect_refused({"images", in, f / "out"},
                   f / "out" +
                       ": cannot be written to (Permission denied); change its "
                       "permissions, or run as a user who may");
  }
  std::ofstream(f / "file") << "x";
  expect_refused({"images", in, f / "file"},
                 f / "file" + ": is not a folder; choose another output folder, or move that file");
}

TEST(bad_input, an_output_folder_among_the_photographs) {
  folder f;
  std::string const in = f.with_photos("in", {"21"});
  for (std::string const& out : {in, in + "/small"}) {
    ended const e = run_with({"images", in, out});
    EXPECT_EQ(e.code, bad_usage);
    EXPECT_TRUE(holds(e.err, "choose a folder beside it")) << e.err;
  }
  EXPECT_EQ(files(in).size(), 1u);
}

TEST(bad_input, an_unknown_model) {
  expect_refused({"images", "in", "out", "--on", "threds"},
                 "--on threds: no model is called 'threds'; did you mean 'threads'? There are: "
                 "sync async threads processes sim");
  ended const e = run_with({"compare", "images", "in", "--on", "sync,gpu"});
  EXPECT_EQ(e.code, bad_usage);
  EXPECT_TRUE(e.err.starts_with("quartet: --on gpu: no model is called 'gpu'")) << e.err;
  expect_refused({"compare", "images", "in", "--on", "sync,sim"},
                 "--on sync,sim: 'sim' takes turns in virtual time, so what it takes says nothing; "
                 "compare the others");
  expect_refused({"compare", "images", "in", "--on", "sync,sync"},
                 "--on sync,sync: names 'sync' twice; name each model once");
}

TEST(bad_input, numbers_that_make_no_sense) {
  std::string const fits = ": is not a number that fits; choose ";
  for (std::string const n : {"0", "-5", "4097", "99999999999999999999", "two", "", "4x", "1e3"})
    expect_refused(
        {"images", "in", "out", "--workers", n},
        "--workers " + n + fits + "1 to 4096, or leave it out for as many as fit the CPUs");
  for (std::string const n : {"0", "65501"})
    expect_refused({"images", "in", "out", "--width", n}, "--width " + n + fits + "1 to 65500");
  for (std::string const n : {"0", "101"})
    expect_refused({"images", "in", "out", "--quality", n}, "--quality " + n + fits + "1 to 100");
  for (std::string const n : {"0", "1001"})
    expect_refused({"compare", "images", "in", "--rounds", n},
                   "--rounds " + n + fits + "1 to 1000");
}

TEST(bad_input, seconds_that_make_no_sense) {
  for (std::string const n : {"0", "-1", "0.0001", "3601", "1e9", "nan", "inf", "six", "", "6s"})
    expect_refused({"explore", "--demo", "--seconds", n},
                   "--seconds " + n + ": is not a number that fits; choose 0.001 to 3600");
}

TEST(bad_input, a_demo_of_something_else) {
  expect_refused({"explore", "--demo", "build/my_tests", "--seconds", "1"},
                 "--demo: has bugs of its own; leave out 'build/my_tests'");
  expect_refused({"explore", "--demo", "--secconds", "1"},
                 "--demo: has bugs of its own; leave out '--secconds'");
  for (std::vector<std::string> const& more :
       {std::vector<std::string>{"--seed", "8f2a91c04417aa02"}, {"--points"}}) {
    std::vector<std::string> words{"explore", "--demo"};
    words.insert(words.end(), more.begin(), more.end());
    expect_refused(words, "--demo: goes without --seed and --points; leave them out");
  }
  expect_refused({"explore", "--seconds", "1", "build/my_tests"},
                 "--seconds: belongs to --demo; add that, or leave it out");
}

TEST(bad_input, a_number_of_workers_from_the_environment_is_checked_too) {
  folder f;
  variable const absurd("QUARTET_WORKERS", "many");
  ended const e = run_with({"images", f.with_photos("in", {"21"}), f / "out"});
  EXPECT_EQ(e.code, bad_usage);
  EXPECT_TRUE(e.err.starts_with("quartet: QUARTET_WORKERS is \"many\"")) << e.err;
}

TEST(bad_input, commands_and_options_that_do_not_exist) {
  expect_refused({},
                 "a command is missing after `quartet`; there are: images compare explore doctor; "
                 "see `quartet --help`");
  expect_refused({"compare"},
                 "a command is missing after `quartet compare`; there are: images; "
                 "see `quartet compare --help`");
  expect_refused({"imags"}, "'imags': there is no such command; did you mean 'images'?");
  expect_refused({"paint"}, "'paint': there is no such command; see `quartet --help`");
  for (std::string const wrong : {"--widht", "--widht=3"})
    expect_refused({"images", "in", "out", wrong},
                   "--widht: there is no such option; did you mean '--width'?");
  expect_refused({"images", "in", "out", "more"},
                 "'more': one argument too many; see `quartet images --help`");
  expect_refused({"images", "in"}, "OUT is required; see `quartet images --help`");
  expect_refused({"images", "in", "out", "--width"},
                 "--width: its value is missing; see `quartet images --help`");
}

TEST(bad_input, a_folder_may_have_the_name_of_a_command) {
  folder f;
  fs::path const before = fs::current_path();
  f.with_photos("images", {"21"});
  fs::current_path(f / ".");
  ended const e = run_with({"images", "images", "compare"});
  fs::current_path(before);
  EXPECT_EQ(e.code, all_done) << e.err;
  EXPECT_EQ(files(f / "compare").size(), 1u);
}
