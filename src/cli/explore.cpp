// SPDX-License-Identifier: Apache-2.0
// `quartet explore PROGRAM`: a program with explorations in it, told what to do by its environment;
// or, without one, a demonstration.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <ostream>
#include <unistd.h>
#include <vector>

#include "command.hpp"
#include "explore_demo.hpp"
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
    demo_flag(a, demo_);
    seconds_flag(a, seconds_);
  }

  int run(streams& io) override {
    if (demo_) return demonstrate(io);
    if (seconds_) throw usage_error("--seconds: belongs to --demo; add that, or leave it out");
    if (program_.empty())
      throw usage_error(
          "a program is missing: quartet explore PROGRAM [ARGUMENT...], or quartet explore --demo");
    become(io);
  }

 private:
  int demonstrate(streams& io) const {
    if (!program_.empty())
      throw usage_error("--demo: has bugs of its own; leave out '" + program_.front() + "'");
    if (!token_.empty() || points_)
      throw usage_error("--demo: goes without --seed and --points; leave them out");
    jobs::races_options options;
    if (seconds_) options.stress = *seconds_;
    return explore_demo(options, io);
  }

  // Becomes the program: what it prints and how it ends are its own.
  [[noreturn]] void become(streams& io) {
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

  std::vector<std::string> program_;
  std::string token_;
  bool points_ = false;
  bool demo_ = false;
  std::optional<duration> seconds_;
};

}  // namespace

command const explore_command{
    .path = "explore",
    .group = "",
    .summary = "Run a program's explorations: all schedules, or one again.",
    .more =
        "PROGRAM is a test program that calls quartet::explore or has QUARTET_EXPLORE tests.\n"
        "Options come before it; what follows is its own.\n\n"
        "--demo needs none: it runs seven small bugs again and again on real threads, made afresh\n"
        "for each run, and counts the runs that fail; one that hangs is ended after a second. "
        "Then\n"
        "the explorer looks for each, 100 times with other seeds: median number of schedules and\n"
        "microseconds until one fails.\n\n"
        "Exit code: that of PROGRAM; 2 if it cannot be started, or when its first exploration is\n"
        "told a TOKEN that is none. Of --demo: 1 if the explorer has missed a bug in some try.\n\n"
        "Examples: quartet explore --seed 8f2a91c04417aa02 build/debug/bin/test_bank\n"
        "          quartet explore --demo",
    .declare = [](arguments& a) -> std::unique_ptr<execution> {
      return std::make_unique<explore>(a);
    }};

}  // namespace quartet::cli
