// SPDX-License-Identifier: Apache-2.0
// Taking the profile of a run.
#include <algorithm>
#include <map>
#include <set>

#include <quartet/exec/sim/detail/profile.hpp>

namespace quartet::detail::sim {

line_key key_of(place const& where) noexcept {
  return mix64(reinterpret_cast<std::uintptr_t>(where.file) + where.line);
}

bool subject::has(line_key k) const noexcept { return std::ranges::binary_search(lines, k); }

void profiler::begin(std::uint64_t seed) {
  by_.begin(seed);
  points_ = 0;
  events_.clear();
  parents_.assign(1, 0);
}

std::size_t profiler::choose(turn const& t) {
  ++points_;
  return by_.choose(t);
}

void profiler::happens(unsigned thread, unsigned object, seam::operation const& o) {
  if (by_.listens()) by_.happens(thread, object, o);
  if (o.what == seam::kind::thread_start) parents_.push_back(thread);
  if (events_.size() < events_max) events_.push_back({thread, object, key_of(o.where), o.writes});
}

profile profiler::taken() const {
  struct use {
    std::set<unsigned> threads;
    std::set<line_key> lines;
    bool written = false;
  };
  std::map<unsigned, use> objects;
  for (event const& e : events_) {
    use& u = objects[e.object];
    u.threads.insert(e.thread);
    u.lines.insert(e.line);
    u.written = u.written || e.writes;
  }
  profile p{std::max<std::uint64_t>(points_, 1), {}, parents_};
  std::set<std::vector<line_key>> seen;
  for (auto const& [id, u] : objects) {
    subject s{{u.lines.begin(), u.lines.end()}, std::vector<std::uint32_t>(parents_.size())};
    if (u.threads.size() < 2 || !u.written || !seen.insert(s.lines).second) continue;
    for (event const& e : events_)
      if (e.thread < s.of_thread.size() && s.has(e.line)) ++s.of_thread[e.thread];
    p.subjects.push_back(std::move(s));
  }
  return p;
}

}  // namespace quartet::detail::sim
