// SPDX-License-Identifier: Apache-2.0
// Strategies of controlled scheduling.
// Source: PCT: Burckhardt et al., A Randomized Scheduler with Probabilistic Guarantees of Finding
// Bugs (ASPLOS 2010). POS: Yuan et al., Partial Order Aware Concurrency Sampling (CAV 2018).
#include <algorithm>
#include <array>
#include <vector>

#include <quartet/base/random.hpp>
#include <quartet/exec/sim/detail/strategy.hpp>

namespace quartet::detail::sim {

namespace {

/// Uniform, or sticky.
class random_walk final : public strategy {
 public:
  random_walk(std::uint64_t seed, unsigned stay_percent) : choices_(seed), stay_(stay_percent) {}
  std::size_t choose(std::span<candidate const> all, std::size_t running) override {
    if (running != all.size() && stay_ != 0 && choices_.below(100) < stay_) return running;
    return choices_.below(all.size());
  }

 private:
  random_stream choices_;
  unsigned const stay_;
};

/// A priority for each thread, by its number; drawn when the thread is first seen.
class priorities {
 public:
  explicit priorities(std::uint64_t seed) : draws_(seed) {}
  std::uint64_t& operator[](unsigned thread) {
    while (of_.size() <= thread) of_.push_back(drawn());
    return of_[thread];
  }
  std::uint64_t drawn() noexcept { return draws_.next() | highest_bit; }  // above any that fell
  std::size_t highest(std::span<candidate const> all) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < all.size(); ++i)
      if ((*this)[all[i].thread] > (*this)[all[best].thread]) best = i;
    return best;
  }
  std::uint64_t below(std::uint64_t bound) noexcept { return draws_.below(bound); }

 private:
  static constexpr std::uint64_t highest_bit = std::uint64_t{1} << 63U;
  random_stream draws_;
  std::vector<std::uint64_t> of_;
};

class pct final : public strategy {
 public:
  pct(std::uint64_t seed, plan const& p) : priority_(seed) {
    for (unsigned i = 1; i < p.depth; ++i)
      falls_.push_back(1 + priority_.below(std::max<std::uint64_t>(p.points, 1)));
  }
  std::size_t choose(std::span<candidate const> all, std::size_t running) override {
    ++point_;
    for (std::size_t i = 0; i < falls_.size(); ++i)
      if (falls_[i] == point_ && running != all.size())
        priority_[all[running].thread] = falls_.size() - i;
    return priority_.highest(all);
  }

 private:
  priorities priority_;
  std::vector<std::uint64_t> falls_;  // at which points
  std::uint64_t point_ = 0;
};

class pos final : public strategy {
 public:
  explicit pos(std::uint64_t seed) : priority_(seed) {}
  std::size_t choose(std::span<candidate const> all, std::size_t) override {
    std::size_t const chosen = priority_.highest(all);
    candidate const& c = all[chosen];
    priority_[c.thread] = priority_.drawn();
    for (candidate const& other : all)
      if (&other != &c && conflict(other.next, c.next)) priority_[other.thread] = priority_.drawn();
    return chosen;
  }

 private:
  static bool conflict(seam::operation const& a, seam::operation const& b) noexcept {
    return a.object == b.object && (a.writes || b.writes);
  }
  priorities priority_;
};

}  // namespace

plan plan::of(std::uint64_t seed, std::uint64_t points) noexcept {
  random_stream from(mix64(seed ^ 0x706C616EU));
  plan p{.points = points};
  std::uint64_t const part = from.below(8);
  p.how = part < 4 ? way::pos : part < 6 ? way::sticky : part < 7 ? way::pct : way::uniform;
  constexpr std::array<unsigned, 4> stays{0, 50, 80, 95};
  p.stay_percent = stays[from.below(stays.size())];
  p.depth = 2 + static_cast<unsigned>(from.below(4));
  p.gang_start = from.below(2) == 0;
  return p;
}

std::unique_ptr<strategy> make_strategy(plan const& p, std::uint64_t seed) {
  switch (p.how) {
    case way::uniform:
      return std::make_unique<random_walk>(seed, 0);
    case way::sticky:
      return std::make_unique<random_walk>(seed, p.stay_percent);
    case way::pct:
      return std::make_unique<pct>(seed, p);
    case way::pos:
      break;
  }
  return std::make_unique<pos>(seed);
}

}  // namespace quartet::detail::sim
