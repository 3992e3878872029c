// SPDX-License-Identifier: Apache-2.0
// Functions that the tests send to worker processes, and what they ask the system about them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <signal.h>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <unistd.h>
#include <vector>

#include <quartet/core/task.hpp>
#include <quartet/core/yield.hpp>

namespace {

[[maybe_unused]] int twice(int x) { return 2 * x; }
[[maybe_unused]] int worker_pid() { return getpid(); }
[[maybe_unused]] void crash_by_signal(int number) {
  signal(number, SIG_DFL);  // sanitizers have handlers
  raise(number);
}
[[maybe_unused]] void leave_with(int code) { _exit(code); }
[[maybe_unused]] void spin_for_ever() {
  for (unsigned volatile turns = 0;;) turns = turns + 1;
}
[[maybe_unused]] void touch(std::string const& path) { std::ofstream(path) << getpid() << '\n'; }
[[maybe_unused]] void touch_and_spin(std::string const& path) {
  touch(path);
  spin_for_ever();
}

// A folder of its own for a test, removed at the end.
class scratch_folder {
 public:
  scratch_folder() {
    char name[] = "/tmp/quartet_test_XXXXXX";
    if (mkdtemp(name) == nullptr) throw std::runtime_error("cannot make a folder in /tmp");
    path_ = name;
  }
  ~scratch_folder() { std::filesystem::remove_all(path_); }
  std::string file(std::string const& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

[[maybe_unused]] void wait_for_file(std::string const& path) {
  while (!std::filesystem::exists(path) || std::filesystem::file_size(path) == 0)
    quartet::blocking_sleep_for(std::chrono::milliseconds(1));
}
[[maybe_unused]] int number_in(std::string const& path) {
  int n = 0;
  std::ifstream(path) >> n;
  return n;
}
[[maybe_unused]] bool lives(int pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string number, name, state;
  return (stat >> number >> name >> state) && state != "Z" && state != "X";
}
[[maybe_unused]] void wait_for_end(int pid) {
  while (lives(pid)) quartet::blocking_sleep_for(std::chrono::milliseconds(1));
}
// The processes of whom this one is the parent, zombies too.
[[maybe_unused]] std::vector<int> children() {
  std::vector<int> all;
  for (auto const& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream stat(entry.path() / "stat");
    int pid = 0, parent = 0;
    std::string name, state;
    if (stat >> pid >> name >> state >> parent && parent == getpid()) all.push_back(pid);
  }
  return all;
}
[[maybe_unused]] std::size_t open_descriptors() {
  std::size_t n = 0;
  for ([[maybe_unused]] auto const& e : std::filesystem::directory_iterator("/proc/self/fd")) ++n;
  return n;
}

}  // namespace
