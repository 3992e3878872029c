// SPDX-License-Identifier: Apache-2.0
// Signals: the first asks, the second kills, and what a stopped run leaves.
#include "ctrl_c.hpp"

#include <gtest/gtest.h>
#include <latch>
#include <signal.h>
#include <sstream>
#include <sys/wait.h>
#include <utility>

#include "leftovers.hpp"
#include "support.hpp"

using namespace cli_test;
using quartet::stop_callback;
using quartet::stop_source;
using quartet::cli::ctrl_c;

namespace {

/// Where a first problem is written, somebody presses Ctrl-C.
class pressing final : public std::stringbuf {
  int_type overflow(int_type c) override { return press(), std::stringbuf::overflow(c); }
  std::streamsize xsputn(char const* s, std::streamsize n) override {
    press();
    return std::stringbuf::xsputn(s, n);
  }
  void press() {
    if (!std::exchange(pressed_, true)) raise(SIGINT);
  }
  bool pressed_ = false;
};

}  // namespace

TEST(ctrl_c, the_first_signal_requests_a_stop) {
  for (int const signal : {SIGINT, SIGTERM}) {
    stop_source stop;
    std::latch asked(1);
    auto count = [&] { asked.count_down(); };
    stop_callback listening(stop.token(), count);
    ctrl_c const interrupt(stop);
    EXPECT_EQ(interrupt.signal(), 0);
    raise(signal);
    asked.wait();
    EXPECT_EQ(interrupt.signal(), signal);
  }
}

TEST(ctrl_c, afterwards_the_signals_are_as_they_were) {
  struct sigaction before {
  }, after{};
  sigaction(SIGINT, nullptr, &before);
  stop_source stop;
  { ctrl_c const interrupt(stop); }
  sigaction(SIGINT, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
  EXPECT_FALSE(stop.requested());
}

TEST(ctrl_c, a_signal_that_was_ignored_stays_ignored) {
  auto* const before = signal(SIGINT, SIG_IGN);
  stop_source stop;
  {
    ctrl_c const interrupt(stop);
    raise(SIGINT);
    EXPECT_EQ(interrupt.signal(), 0);
  }
  EXPECT_FALSE(stop.requested());
  signal(SIGINT, before);
}

TEST(ctrl_c_death, a_second_signal_kills) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        stop_source stop;
        ctrl_c const interrupt(stop);
        raise(SIGINT);
        raise(SIGINT);
      },
      testing::KilledBySignal(SIGINT), "");
}

TEST(ctrl_c, a_stopped_run_ends_with_130_and_whole_files_only) {
  for (std::string const model : {"sync", "async", "threads", "processes"}) {
    folder f;
    std::string const in = f.with_photos("in", {"20"});
    for (int i = 0; i != 200; ++i)
      fs::copy_file(photo("02"), fs::path(in) / (std::to_string(i) + ".jpg"));
    pressing keys;
    std::ostream err(&keys);
    std::ostringstream out;
    quartet::cli::streams io{.out = out, .err = err};
    std::string const target = f / "out";
    char const* const argv[] = {"quartet",      "images", in.c_str(),
                                target.c_str(), "--on",   model.c_str()};
    EXPECT_EQ(quartet::cli::run(6, argv, io), 130) << model;
    EXPECT_TRUE(holds(keys.str(), "stopped by signal 2")) << keys.str();
    for (auto const& [name, content] : files(target))
      EXPECT_TRUE(name.ends_with(".jpg") && content.ends_with("\xff\xd9")) << model << name;
  }
}

TEST(ctrl_c, a_stopped_comparison_ends_with_130_and_leaves_no_temporary_folder) {
  folder f;
  std::string const in = f.with_photos("in", {"20", "21"});
  fs::create_directory(f / "tmp");
  variable const place("TMPDIR", f / "tmp");
  pressing keys;
  std::ostream err(&keys);
  std::ostringstream out;
  quartet::cli::streams io{.out = out, .err = err};
  char const* const argv[] = {"quartet", "compare", "images", in.c_str(), "--rounds", "1000"};
  EXPECT_EQ(quartet::cli::run(6, argv, io), 130);
  EXPECT_EQ(out.str(), "");
  EXPECT_TRUE(fs::is_empty(f / "tmp"));
}

TEST(leftovers, only_temporary_files_of_dead_processes_are_removed) {
  folder f;
  pid_t const child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  std::string const dead = f / (".quartet-" + std::to_string(child) + "-1-0.part");
  std::string const ours = f / (".quartet-" + std::to_string(getpid()) + "-1-0.part");
  for (std::string const& name : {dead, ours, f / ".quartet-notes", f / "a.part"})
    std::ofstream(name) << "x";
  quartet::cli::remove_leftovers({{.input = "a", .output = f / "a.jpg"}});
  EXPECT_FALSE(fs::exists(dead));
  EXPECT_TRUE(fs::exists(ours));
  EXPECT_EQ(files(f / ".").size(), 3u);
}
