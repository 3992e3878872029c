// SPDX-License-Identifier: Apache-2.0
// Finds the cgroups of this process and climbs from them to the mount point.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

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
  std::string skip, root, point, type;
  in >> skip >> skip >> skip >> root >> point;
  while (in >> skip && skip != "-") {
  }
  if (!(in >> type)) return {};
  bool const version2 = type == "cgroup2";
  std::string const super = line.substr(line.rfind(' ') + 1);  // a source may have no name
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

std::string base_of(hierarchy const& h) { return h.group_at_mount == "/" ? "" : h.group_at_mount; }

// Our cgroup below the mount point: "" or "/a/b". A group outside of what the mount shows, as in a
// container, leaves the mount point itself.
std::string below_mount(hierarchy const& h, std::string const& group) {
  std::string const base = base_of(h);
  bool const inside = group.starts_with(base) &&
                      (group.size() == base.size() || group[base.size()] == '/') &&
                      (group + "/").find("/../") == group.npos;
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
  if (!q || !p || *q <= 0 || *p <= 0 || !std::isfinite(*q / *p)) return {};
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

// The whole path of a cgroup below the mount point.
std::string group_at(hierarchy const& h, std::string const& below) {
  std::string const group = base_of(h) + below;
  return group.empty() ? "/" : group;
}

// A hierarchy may be mounted twice; its quotas still are one each.
void add(found_quota q, std::vector<found_quota>& found) {
  auto const same = [&](found_quota const& other) {
    return other.version == q.version && other.group == q.group && other.cpus == q.cpus;
  };
  if (std::ranges::none_of(found, same)) found.push_back(std::move(q));
}

}  // namespace

std::vector<found_quota> cpu_quotas(std::string const& root) {
  std::vector<found_quota> found;
  for (auto const& h : hierarchies(root)) {
    auto const ours = group_in(h, root);
    if (!ours) continue;
    std::string below = below_mount(h, *ours);
    while (true) {
      std::string const folder = h.mount_point + below;
      if (auto const cpus = quota_at(h.version2, root + folder))
        add({folder, group_at(h, below), h.version2 ? 2 : 1, *cpus}, found);
      if (below.empty()) break;
      below.erase(below.rfind('/'));
    }
  }
  return found;
}

found_quota const* tightest(std::vector<found_quota> const& all) noexcept {
  auto const at = std::ranges::min_element(all, {}, &found_quota::cpus);
  return at == all.end() ? nullptr : &*at;
}

std::optional<double> cpu_quota(std::string const& root) {
  auto const all = cpu_quotas(root);
  auto const* const least = tightest(all);
  return least == nullptr ? std::optional<double>() : least->cpus;
}

}  // namespace quartet::os
