// SPDX-License-Identifier: Apache-2.0
// The program itself, once from end to end: standard streams, worker processes, exit code.
#include <cstdlib>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include "support.hpp"

using namespace cli_test;

TEST(quartet_program, converts_in_worker_processes_and_talks_on_the_right_streams) {
  std::string const program = std::string(QUARTET_BINARY_DIR) + "/bin/quartet";
  if (!fs::exists(program)) GTEST_SKIP() << "needs bin/quartet: build the target quartet_program";
  folder f;
  std::string const in = f.with_photos("in", {"02", "14", "20"}), out = f / "out";
  posix_spawn_file_actions_t streams;
  posix_spawn_file_actions_init(&streams);
  posix_spawn_file_actions_addopen(&streams, 1, (f / "stdout").c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&streams, 2, (f / "stderr").c_str(), O_WRONLY | O_CREAT, 0600);
  std::vector<std::string> words{program, "images", in, out, "--on", "processes"};
  std::vector<char*> argv;
  for (std::string& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  ASSERT_EQ(posix_spawn(&pid, program.c_str(), &streams, nullptr, argv.data(), environ), 0);
  posix_spawn_file_actions_destroy(&streams);
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 1);
  auto const all = files(f / ".");
  EXPECT_TRUE(all.at("stdout").starts_with("2 done, 1 failed of 3 images: ")) << all.at("stdout");
  EXPECT_EQ(lines(all.at("stderr")), 1u) << all.at("stderr");
  EXPECT_EQ(files(out).size(), 2u);
}

TEST(quartet_program, explores_by_telling_a_program_through_its_environment) {
  std::string const program = std::string(QUARTET_BINARY_DIR) + "/bin/quartet";
  if (!fs::exists(program)) GTEST_SKIP() << "needs bin/quartet: build the target quartet_program";
  folder f;
  std::string const command =
      program + " explore --points --seed 8f2a91c04417aa02 env -u HOME > " + (f / "out");
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::string const out = files(f / ".").at("out");
  EXPECT_NE(out.find("QUARTET_SEED=8f2a91c04417aa02\n"), std::string::npos) << out;
  EXPECT_NE(out.find("QUARTET_POINTS=1\n"), std::string::npos) << out;
  EXPECT_EQ(("\n" + out).find("\nHOME="), std::string::npos)
      << "arguments of the program are its own";
}

TEST(quartet_program, explores_no_schedule_of_a_plain_program_that_is_no_token) {
  std::string const folder_of_programs = std::string(QUARTET_BINARY_DIR) + "/bin/";
  std::string const plain = folder_of_programs + "example_races";
  for (std::string const& program : {folder_of_programs + "quartet", plain})
    if (!fs::exists(program)) GTEST_SKIP() << "needs " << program << ": build all targets";
  folder f;
  std::string const command = folder_of_programs + "quartet explore --seed bad " + plain + " >" +
                              (f / "out") + " 2>" + (f / "err");
  int const status = std::system(command.c_str());
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), quartet::cli::bad_usage);
  std::string const err = files(f / ".").at("err");
  EXPECT_TRUE(err.starts_with("quartet: QUARTET_SEED=bad: \"bad\" is no schedule")) << err;
  EXPECT_EQ(lines(err), 1u) << err;
}
