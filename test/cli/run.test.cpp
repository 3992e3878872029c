// SPDX-License-Identifier: Apache-2.0
// The commands from their arguments to what they print, write and return.
#include <gtest/gtest.h>

#include "support.hpp"

using namespace cli_test;
using quartet::cli::all_done;
using quartet::cli::bad_usage;
using quartet::cli::some_failed;

namespace {

std::vector<std::string> const models{"sync", "async", "threads", "processes"};

}  // namespace

TEST(run, images_writes_the_same_bytes_under_every_model) {
  folder f;
  std::string const in = f.with_photos("in", {"02", "05", "11", "14", "17", "21", "24"});
  fs::create_directories(fs::path(in) / "below/it");
  fs::rename(fs::path(in) / photo("11").filename(), fs::path(in) / "below/it/x.jpg");
  std::map<std::string, std::string> expected;
  for (std::string const& model : models) {
    ended const e = run_with({"images", in, f / model, "--on", model, "--workers", "2"});
    EXPECT_EQ(e.code, all_done) << model << e.err;
    EXPECT_TRUE(e.out.starts_with("7 done of 7 images: ")) << e.out;
    EXPECT_TRUE(holds(e.out, "with " + model)) << e.out;
    EXPECT_EQ(e.err, "") << model;
    auto const made = files(f / model);
    EXPECT_EQ(made.size(), 7u);
    EXPECT_TRUE(made.contains("below/it/x.jpg"));
    if (expected.empty()) expected = made;
    EXPECT_TRUE(made == expected) << model << " made other bytes than sync";
  }
}

TEST(run, a_mixed_folder_is_counted_and_each_problem_is_one_line) {
  for (std::string const& model : models) {
    folder f;
    ended const e = run_with({"images", photos(), f / "out", "--on", model});
    EXPECT_EQ(e.code, some_failed);
    EXPECT_TRUE(e.out.starts_with("11 done, 10 not supported yet, 3 failed of 24 images: "))
        << e.out;
    EXPECT_EQ(lines(e.err), 13u) << e.err;
    EXPECT_EQ(files(f / "out").size(), 11u) << "as many files as images that are done";
    std::istringstream all(e.err);
    for (std::string line; std::getline(all, line);) {
      EXPECT_TRUE(line.starts_with("quartet: " + photos().string() + "/")) << line;
      EXPECT_TRUE(holds(line, "; ")) << "what to do next: " << line;
    }
  }
}

TEST(run, width_and_quality_reach_the_results) {
  folder f;
  std::string const in = f.with_photos("in", {"02"});
  run_with({"images", in, f / "small", "--width=32"});
  run_with({"images", in, f / "poor", "--quality=5"});
  run_with({"images", in, f / "usual"});
  auto const size = [&](char const* name) { return files(f / name).begin()->second.size(); };
  EXPECT_LT(size("small"), size("usual"));
  EXPECT_LT(size("poor"), size("usual"));
}

TEST(run, images_as_json_is_one_object_that_names_the_problems) {
  folder f;
  std::string const in = f.with_photos("in", {"20", "21"});
  ended const e = run_with({"images", in, f / "out", "--json", "--workers", "1"});
  EXPECT_EQ(e.code, some_failed);
  EXPECT_EQ(lines(e.out), 1u);
  EXPECT_TRUE(e.out.starts_with("{\"command\":\"images\",\"in\":\"" + in + "\"")) << e.out;
  EXPECT_TRUE(holds(e.out, "\"workers\":1,")) << e.out;
  EXPECT_TRUE(holds(e.out, "\"images\":2,\"done\":1,\"unsupported\":0,\"failed\":1,\"stopped\":0"));
  EXPECT_TRUE(holds(e.out, "\"status\":\"failed\",\"message\":\"" + in + "/20-")) << e.out;
}

TEST(run, a_terminal_gets_a_bar_that_quiet_takes_away) {
  folder f;
  std::string const in = f.with_photos("in", {"21"});
  ended const loud = run_with({"compare", "images", in, "--on", "sync", "--rounds", "1"}, true);
  EXPECT_TRUE(holds(loud.err, "comparing on 1 images")) << loud.err;
  ended const quiet = run_with({"images", in, f / "out", "--quiet"}, true);
  EXPECT_EQ(quiet.err, "");
  EXPECT_TRUE(quiet.out.starts_with("1 done of 1 image: ")) << quiet.out;
}

TEST(run, control_characters_in_names_do_not_reach_the_terminal) {
  folder f;
  fs::create_directory(f / "in");
  std::ofstream(f / "in/a\x1b[2J\n.jpg") << "no image";
  ended const e = run_with({"images", f / "in", f / "out"});
  EXPECT_EQ(e.code, some_failed);
  EXPECT_TRUE(holds(e.err, "a\\x1b[2J\\x0a.jpg")) << e.err;
  EXPECT_EQ(lines(e.err), 1u);
}

TEST(run, compare_measures_every_model_says_which_fits_and_leaves_nothing_behind) {
  folder f;
  std::string const in = f.with_photos("in", {"11", "20", "18"});
  fs::create_directory(f / "tmp");
  variable const place("TMPDIR", f / "tmp");
  ended const e = run_with({"compare", "images", in, "--rounds", "2", "--workers", "2"});
  EXPECT_EQ(e.code, some_failed) << e.err;
  EXPECT_TRUE(
      e.out.starts_with("3 images (1 done, 1 not supported yet, 1 failed in each run), "
                        "2 rounds of each model in turn, "))
      << e.out;
  for (std::string const& model : models) EXPECT_TRUE(holds(e.out, "\n" + model + " ")) << e.out;
  EXPECT_TRUE(holds(e.out, "\nfits best: ")) << e.out;
  EXPECT_FALSE(holds(e.out, "\x1b")) << "no colours outside a terminal";
  EXPECT_EQ(lines(e.err), 3u) << "each problem once, not in each run:\n" << e.err;
  EXPECT_TRUE(fs::is_empty(f / "tmp"));
}

TEST(run, compare_takes_its_temporary_folder_away_after_errors) {
  folder f;
  std::string const in = f.with_photos("in", {"21"});
  fs::create_directory(f / "tmp");
  variable const place("TMPDIR", f / "tmp");
  ended const e = run_with({"compare", "images", in, "--keep", in});
  EXPECT_EQ(e.code, bad_usage);
  EXPECT_TRUE(fs::is_empty(f / "tmp"));
  variable const nowhere("TMPDIR", f / "not-there");
  ended const none = run_with({"compare", "images", in});
  EXPECT_EQ(none.code, bad_usage);
  EXPECT_TRUE(holds(none.err, f / "not-there: no temporary folder can be made there")) << none.err;
}

TEST(run, compare_keeps_the_results_of_each_model_if_asked_to) {
  folder f;
  std::string const in = f.with_photos("in", {"11", "21"});
  ended const e = run_with({"compare", "images", in, "--keep", f / "out", "--rounds", "1", "--on",
                            "processes,sync", "--quality", "50", "--width", "40"});
  EXPECT_EQ(e.code, all_done) << e.err;
  EXPECT_LT(e.out.find("\nprocesses"), e.out.find("\nsync")) << "in the order asked for";
  EXPECT_EQ(files(f / "out").size(), 4u);
  EXPECT_TRUE(files(f / "out/sync") == files(f / "out/processes"));
}

TEST(run, compare_as_json_has_machine_options_rows_and_advice) {
  folder f;
  ended const e = run_with({"compare", "images", f.with_photos("in", {"21"}), "--json", "--rounds",
                            "1", "--workers", "1", "--quiet"});
  EXPECT_EQ(e.code, all_done);
  EXPECT_EQ(e.err, "");
  EXPECT_EQ(lines(e.out), 1u);
  for (char const* key : {"\"machine\":{\"cpus\":", "\"kernel\":", "\"options\":", "\"rounds\":1",
                          "\"rows\":[{\"model\":\"sync\"", "\"wall_s\":{\"median\":",
                          "\"peak_memory_bytes\":", "\"advice\":{\"model\":"})
    EXPECT_TRUE(holds(e.out, key)) << key << " in " << e.out;
}

TEST(run, the_best_row_is_bold_on_a_terminal_unless_NO_COLOR_forbids_it) {
  folder f;
  std::vector<std::string> const words{
      "compare", "images", f.with_photos("in", {"21"}), "--on", "sync", "--rounds", "1"};
  unsetenv("NO_COLOR");
  EXPECT_TRUE(holds(run_with(words, true).out, "\x1b[1msync"));
  variable const none("NO_COLOR", "1");
  EXPECT_FALSE(holds(run_with(words, true).out, "\x1b["));
}

TEST(run, help_explains_flags_and_exit_codes) {
  ended const all = run_with({"--help"});
  EXPECT_EQ(all.code, all_done);
  EXPECT_TRUE(holds(all.out, "images ") && holds(all.out, "compare ")) << all.out;
  ended const images = run_with({"images", "--help"});
  for (char const* word : {"--width N=256", "--quality Q=95", "--on MODEL=threads", "--workers N",
                           "--quiet", "--json", "Exit codes:", "130  stopped by Ctrl-C"})
    EXPECT_TRUE(holds(images.out, word)) << word << images.out;
  ended const compare = run_with({"compare", "images", "--help"});
  for (char const* word : {"--on MODEL,...", "--rounds N=3", "--keep OUT", "Exit codes:"})
    EXPECT_TRUE(holds(compare.out, word)) << word << compare.out;
  ended const explore = run_with({"explore", "--help"});
  for (char const* word :
       {"PROGRAM", "--seed TOKEN", "--points", "--demo", "--seconds N=6", "Exit code:"})
    EXPECT_TRUE(holds(explore.out, word)) << word << explore.out;
}

TEST(run, the_version_is_that_of_the_build) {
  ended const e = run_with({"--version"});
  ASSERT_TRUE(e.out.starts_with("quartet ")) << e.out;
  std::string const number = e.out.substr(8, e.out.size() - 9);
  std::ifstream file(fs::path(QUARTET_SOURCE_DIR) / "CMakeLists.txt");
  std::stringstream cmake;
  cmake << file.rdbuf();
  EXPECT_TRUE(holds(cmake.str(), "project(quartet VERSION " + number + " ")) << number;
}

TEST(run, output_that_is_lost_is_a_failure) {
  std::ostringstream err;
  std::ofstream full("/dev/full");
  quartet::cli::streams io{.out = full, .err = err};
  char const* const argv[] = {"quartet", "--version"};
  EXPECT_EQ(quartet::cli::run(2, argv, io), some_failed);
  EXPECT_TRUE(holds(err.str(), "standard output cannot be written to")) << err.str();
}

TEST(run, explore_without_a_program_or_with_one_that_is_not_there_is_refused) {
  ended const none = run_with({"explore"});
  EXPECT_EQ(none.code, 2);
  EXPECT_NE(none.err.find("a program is missing"), std::string::npos) << none.err;
  ended const wrong = run_with({"explore", "no/such/program", "--anything"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_NE(wrong.err.find("no/such/program: cannot be started"), std::string::npos) << wrong.err;
}

TEST(run, explore_demo_has_a_row_for_each_bug_and_finds_all_of_them_in_every_try) {
  ended const e = run_with({"explore", "--demo", "--seconds", "0.01"});
  EXPECT_EQ(e.code, all_done) << e.err;
  EXPECT_EQ(e.err, "");
  EXPECT_TRUE(
      e.out.starts_with("0.01 s of real threads for each bug, then 100 tries of the "
                        "explorer, "))
      << e.out;
  std::vector<std::string> rows;
  std::istringstream all(e.out);
  for (std::string line; std::getline(all, line);)
    if (holds(line, " 100 of 100 ")) rows.push_back(line);
  std::vector<std::string> const bugs{"lost update",
                                      "two-stage lock",
                                      "reorder_5",
                                      "work-stealing pop without lock",
                                      "ABA on an index stack",
                                      "check-then-act",
                                      "two-lock deadlock"};
  ASSERT_EQ(rows.size(), bugs.size()) << e.out;
  for (std::size_t i = 0; i != bugs.size(); ++i) EXPECT_TRUE(rows[i].starts_with(bugs[i] + " "));
  EXPECT_TRUE(holds(e.out, "of 7 bugs, the explorer 7 in every try\n")) << e.out;
}

TEST(run, doctor_counts_as_a_pool_would_and_fails_where_one_would) {
  {
    variable const workers("QUARTET_WORKERS", "3");
    ended const e = run_with({"doctor"});
    EXPECT_EQ(e.code, all_done) << e.out << e.err;
    EXPECT_TRUE(
        e.out.starts_with("3 workers for a pool that is not told how many: "
                          "QUARTET_WORKERS says so; by itself it would be "))
        << e.out;
  }
  variable const workers("QUARTET_WORKERS", "0");
  ended const e = run_with({"doctor", "--json"});
  EXPECT_EQ(e.code, some_failed);
  EXPECT_TRUE(holds(e.out, "\"fine\":false,\"workers\":0,")) << e.out;
  EXPECT_TRUE(holds(e.out, "give one from 1 to 4096, or unset it")) << e.out;
}
