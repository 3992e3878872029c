// SPDX-License-Identifier: Apache-2.0
// `quartet explore PROGRAM`: a program with explorations in it, told what to do by its environment.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ostream>
#include <unistd.h>
#include <vector>

#include "command.hpp"
#include "flags.hpp"
#include "usage_error.hpp"

namespace quartet::cli {

namespace {

class explore final : public execution {
 public:
  explicit explore(arguments& a) {
    a.rest("PROGRAM", "a program that calls quartet::explore, with its own arguments", program_);
    schedule_flag(a, token_);
    points_flag(a, points_);
  }

  // Becomes the program: what it prints and how it ends are its own.
  int run(streams& io) override {
    if (program_.empty())
      throw usage_error("a program is missing: quartet explore PROGRAM [ARGUMENT...]");
    if (!token_.empty()) setenv("QUARTET_SEED", token_.c_str(), 1);
    if (points_) setenv("QUARTET_POINTS", "1", 1);
    std::vector<char*> argv;
    for (std::string& word : program_) argv.push_back(word.data());
    argv.push_back(nullptr);
    io.out.flush();
    execvp(argv[0], argv.data());
    throw usage_error(program_.front() + ": cannot be started: " + std::strerror(errno) +
                      "; give the path of a program with explorations");
  }

 private:
  std::vector<std::string> program_;
  std::string token_;
  bool points_ = false;
};

}  // namespace

command const explore_command{
    .path = "explore",
    .group = "",
    .summary = "Run a program's explorations: all schedules, or one again.",
    .more =
        "PROGRAM is a test program that calls quartet::explore or has QUARTET_EXPLORE tests.\n"
        "Options come before it; what follows is its own.\n\n"
        "Exit code: that of PROGRAM; 2 if it cannot be started.\n\n"
        "Example: quartet explore --seed 8f2a91c04417aa02 build/debug/bin/test_bank",
    .declare = [](arguments& a) -> std::unique_ptr<execution> {
      return std::make_unique<explore>(a);
    }};

}  // namespace quartet::cli
