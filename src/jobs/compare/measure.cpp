// SPDX-License-Identifier: Apache-2.0
// Costs from the clock and from what the system knows of our processes.
#include "measure.hpp"

#include <cctype>
#include <filesystem>
#include <fstream>
#include <functional>
#include <malloc.h>
#include <map>
#include <string>
#include <unistd.h>
#include <vector>

#include <quartet/os/usage.hpp>
#include <quartet/seam/clock.hpp>

namespace quartet::jobs {

namespace {

double seconds(std::chrono::nanoseconds d) { return std::chrono::duration<double>(d).count(); }

/// The parent of a process, 0 if it is gone. The name in `stat` may hold spaces and brackets.
int parent_of(std::filesystem::path const& folder) {
  std::ifstream stat(folder / "stat");
  std::string line;
  std::getline(stat, line);
  auto const end_of_name = line.rfind(") ");
  if (end_of_name == std::string::npos || line.size() < end_of_name + 5) return 0;
  return std::atoi(line.c_str() + end_of_name + 4);
}

/// All processes below this one.
std::vector<int> descendants() {
  std::multimap<int, int> children;
  std::error_code gone;
  for (auto const& entry : std::filesystem::directory_iterator("/proc", gone)) {
    std::string const name = entry.path().filename();
    if (std::isdigit(static_cast<unsigned char>(name.front())) != 0)
      children.emplace(parent_of(entry.path()), std::stoi(name));
  }
  std::vector<int> found{getpid()};
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto const [first, last] = children.equal_range(found[i]);
    for (auto c = first; c != last; ++c) found.push_back(c->second);
  }
  found.erase(found.begin());
  return found;
}

std::uint64_t peak_of_tree() {
  std::uint64_t sum = os::own_usage().peak_memory_bytes;
  for (int pid : descendants())
    if (auto const u = os::usage_of(pid)) sum += u->peak_memory_bytes;
  return sum;
}

double cpu_so_far() { return seconds(os::own_usage().cpu()) + seconds(os::children_usage().cpu()); }

}  // namespace

cost measure(std::function<void(std::function<void()> const&)> const& run) {
  cost c;
  malloc_trim(0);  // what an earlier run left behind is not this one's
  os::reset_peak_memory();
  double const cpu = cpu_so_far();
  time_point const begin = clock::now();
  duration looking{};
  run([&] {
    time_point const look = clock::now();
    c.peak_memory = peak_of_tree();
    looking = clock::now() - look;
  });
  c.wall = seconds(clock::now() - begin - looking);
  c.cpu = cpu_so_far() - cpu;
  return c;
}

}  // namespace quartet::jobs
