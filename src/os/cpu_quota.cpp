// SPDX-License-Identifier: Apache-2.0
// Finds the cgroups of this process and climbs from them to the mount point, taking the minimum.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <quartet/os/affinity.hpp>
#include <quartet/os/cpu_quota.hpp>

namespace quartet::os {

namespace {

struct hierarchy {  // a mounted cgroup file system
  bool version2 = false;
  std::string group_at_mount;  // the cgroup that the mount point shows
  std::string mount_point;
};

bool lists(std::string const& comma_separated, std::string_view word) {
  std::istringstream in(comma_separated);
  for (std::string part; std::getline(in, part, ',');)
    if (part == word) return true;
  return false;
}

// mountinfo writes blanks and backslashes in paths as three octal digits.
std::string unescaped(std::string const& s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    int value = 0;
    if (s[i] == '\\' && i + 3 < s.size() &&
        std::from_chars(&s[i + 1], &s[i + 1] + 3, value, 8).ptr == &s[i + 1] + 3) {
      out += static_cast<char>(value);
      i += 3;
    } else {
      out += s[i];
    }
  }
  return out;
}

// id parent device root mount_point options optional... - type source super_options
std::optional<hierarchy> parse_mount(std::string const& line) {
  std::istringstream in(line);
  std::string skip, root, point, type, source, super;
  in >> skip >> skip >> skip >> root >> point;
  while (in >> skip && skip != "-") {
  }
  if (!(in >> type >> source >> super)) return {};
  bool const version2 = type == "cgroup2";
  if (!version2 && !(type == "cgroup" && lists(super, "cpu"))) return {};
  return hierarchy{version2, unescaped(root), unescaped(point)};
}

std::vector<hierarchy> hierarchies(std::string const& root) {
  std::vector<hierarchy> found;
  std::ifstream in(root + "/proc/self/mountinfo");
  for (std::string line; std::getline(in, line);)
    if (auto h = parse_mount(line)) found.push_back(*std::move(h));
  return found;
}

// The path of our cgroup in that hierarchy: a line id:controllers:path; none for version 2.
std::optional<std::string> group_in(hierarchy const& h, std::string const& root) {
  std::ifstream in(root + "/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    auto const first = line.find(':');
    auto const second = first == line.npos ? line.npos : line.find(':', first + 1);
    if (second == line.npos) continue;
    std::string const controllers = line.substr(first + 1, second - first - 1);
    if (h.version2 ? line.starts_with("0::") : lists(controllers, "cpu"))
      return line.substr(second + 1);
  }
  return {};
}

// Our cgroup below the mount point: "" or "/a/b". A group outside of what the mount shows, as in a
// container, leaves the mount point itself.
std::string below_mount(hierarchy const& h, std::string const& group) {
  std::string const base = h.group_at_mount == "/" ? "" : h.group_at_mount;
  bool const inside = group.starts_with(base) &&
                      (group.size() == base.size() || group[base.size()] == '/') &&
                      group.find("/..") == group.npos;
  std::string rest = inside ? group.substr(base.size()) : "";
  while (rest.ends_with('/')) rest.pop_back();
  return rest;
}

std::optional<double> number_in(std::string const& text) {
  double x = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(x)) return {};
  return x;
}

std::optional<double> ratio(std::string const& quota, std::string const& period) {
  auto const q = number_in(quota);  // "max" in version 2, -1 in version 1: no quota
  auto const p = number_in(period);
  if (!q || !p || *q <= 0 || *p <= 0) return {};
  return *q / *p;
}

std::optional<double> quota_at(bool version2, std::string const& folder) {
  std::string quota, period;
  if (version2) {
    std::ifstream(folder + "/cpu.max") >> quota >> period;
  } else {
    std::ifstream(folder + "/cpu.cfs_quota_us") >> quota;
    std::ifstream(folder + "/cpu.cfs_period_us") >> period;
  }
  return ratio(quota, period);
}

unsigned parse_workers(std::string_view text) {
  unsigned n = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error == std::errc() && end == text.data() + text.size() && n >= 1 && n <= max_workers)
    return n;
  throw std::invalid_argument("QUARTET_WORKERS is \"" + std::string(text) +
                              "\", which is no number of workers: give one from 1 to " +
                              std::to_string(max_workers) + ", or unset it");
}

}  // namespace

std::optional<double> cpu_quota(std::string const& root) {
  std::optional<double> tightest;
  for (auto const& h : hierarchies(root)) {
    auto const group = group_in(h, root);
    if (!group) continue;
    std::string folder = below_mount(h, *group);
    while (true) {
      if (auto const q = quota_at(h.version2, root + h.mount_point + folder))
        tightest = std::min(*q, tightest.value_or(*q));
      if (folder.empty()) break;
      folder.erase(folder.rfind('/'));
    }
  }
  return tightest;
}

unsigned available_cpus(std::string const& root) {
  double const cpus = static_cast<double>(affinity().size());
  double const usable = std::min(cpus, std::ceil(cpu_quota(root).value_or(cpus)));
  return static_cast<unsigned>(std::max(1.0, usable));
}

unsigned default_workers() {
  char const* const text = std::getenv("QUARTET_WORKERS");
  return text != nullptr ? parse_workers(text) : available_cpus();
}

}  // namespace quartet::os
