// SPDX-License-Identifier: Apache-2.0
// Strategies of controlled scheduling.
// Source: PCT: Burckhardt et al., A Randomized Scheduler with Probabilistic Guarantees of Finding
// Bugs (ASPLOS 2010). POS: Yuan et al., Partial Order Aware Concurrency Sampling (CAV 2018).
// SURW: Zhao, Wolff, Mathur, Roychoudhury, Selectively Uniform Concurrency Testing (ASPLOS 2025).
#include <algorithm>
#include <array>
#include <vector>

#include <quartet/exec/sim/detail/profile.hpp>
#include <quartet/exec/sim/detail/strategy.hpp>

namespace quartet::detail::sim {

namespace {

/// What they have in common: outcomes that are no turns are drawn, from a stream of their own.
class drawing : public strategy {
 public:
  void begin(std::uint64_t seed) override {
    draws_ = random_stream(mix64(seed));  // mixed: neighbours' streams are the same, but shifted
    picks_ = random_stream(mix64(mix64(seed)));
  }
  std::size_t pick(unsigned, std::size_t n) override { return picks_.below(n); }

 protected:
  std::size_t below(std::size_t n) noexcept { return draws_.below(n); }
  std::uint64_t drawn() noexcept { return draws_.next(); }
  random_stream* stream() noexcept { return &draws_; }

 private:
  random_stream picks_{0}, draws_{0};
};

/// Uniform, or sticky.
class random_walk final : public drawing {
 public:
  unsigned stay_percent = 0;
  std::size_t choose(turn const& t) override {
    bool const may_stay = t.running != t.all.size() && stay_percent != 0;
    return may_stay && below(100) < stay_percent ? t.running : below(t.all.size());
  }
  random_stream* draws_evenly() noexcept override { return stay_percent == 0 ? stream() : nullptr; }
};

/// Most bugs need two or three threads, and those that are started last often have a part of their
/// own. Of many threads that all go on at random, few meet.
class few final : public drawing {
 public:
  unsigned most = 2;
  std::size_t choose(turn const& t) override {
    last_.clear();
    for (std::size_t i = 0; i != t.all.size(); ++i) last_.push_back(i);
    auto const later = [&](std::size_t a, std::size_t b) {
      return t.all[a].thread > t.all[b].thread;
    };
    std::size_t const n = std::min<std::size_t>(most, last_.size());
    std::ranges::partial_sort(last_, last_.begin() + static_cast<std::ptrdiff_t>(n), later);
    return last_[below(n)];
  }

 private:
  std::vector<std::size_t> last_;
};

/// With a priority for each thread, by its number; drawn when the thread is first seen.
class by_priority : public drawing {
 public:
  void begin(std::uint64_t seed) override {
    drawing::begin(seed);
    of_.clear();
  }

 protected:
  std::uint64_t& priority(unsigned thread) {
    while (of_.size() <= thread) of_.push_back(high());
    return of_[thread];
  }
  void draw_anew(unsigned thread) { priority(thread) = high(); }
  std::size_t highest(std::span<candidate const> all) {
    std::size_t best = 0;
    std::uint64_t most = 0;
    for (std::size_t i = 0; i != all.size(); ++i)
      if (std::uint64_t const p = priority(all[i].thread); p > most) most = p, best = i;
    return best;
  }

 private:
  std::uint64_t high() noexcept { return drawn() | std::uint64_t{1} << 63U; }  // above the fallen
  std::vector<std::uint64_t> of_;
};

class pct final : public by_priority {
 public:
  unsigned depth = 2;
  std::uint64_t points = 100;
  void begin(std::uint64_t seed) override {
    by_priority::begin(seed);
    point_ = 0;
    yields_ = 0;
    falls_.clear();
    for (unsigned i = 1; i < depth; ++i)
      falls_.push_back(1 + below(std::max<std::uint64_t>(points, 1)));
  }
  std::size_t choose(turn const& t) override {
    ++point_;
    for (std::size_t i = 0; i < falls_.size(); ++i)
      if (falls_[i] == point_ && t.running != t.all.size())
        priority(t.last) = fallen + falls_.size() - i;
    // Below all others: two that yield to each other would keep a third one waiting for ever.
    if (t.yields) priority(t.last) = fallen - ++yields_;
    return highest(t.all);
  }

 private:
  static constexpr std::uint64_t fallen = std::uint64_t{1} << 62U;
  std::vector<std::uint64_t> falls_;  // at which points
  std::uint64_t point_ = 0, yields_ = 0;
};

class pos final : public by_priority {
 public:
  std::size_t choose(turn const& t) override {
    std::size_t const chosen = highest(t.all);
    candidate const& c = t.all[chosen];
    draw_anew(c.thread);
    for (candidate const& other : t.all)
      if (&other != &c && conflict(other, c)) draw_anew(other.thread);
    return chosen;
  }

 private:
  static bool conflict(candidate const& a, candidate const& b) noexcept {
    return a.object == b.object && (a.next->writes || b.next->writes);
  }
};

/// Of all orders in which threads can do what they do at one subject, each is equally likely if the
/// next one is drawn with as many chances as operations that it has still to do. So the next thread
/// is drawn in advance; until it gets there, the others may do everything else. A thread that has
/// not been started yet counts for the one that will start it.
class surw final : public drawing {
 public:
  profile const* of_run = nullptr;

  void begin(std::uint64_t seed) override {
    drawing::begin(seed);
    subject_ =
        of_run->subjects.empty() ? nullptr : &of_run->subjects[below(of_run->subjects.size())];
    started_ = 1;
    next_ = nobody;
    left_.clear();
    if (subject_ != nullptr) left_ = subject_->of_thread;
  }
  bool listens() const noexcept override { return subject_ != nullptr; }
  void happens(unsigned thread, unsigned, seam::operation const& o) override {
    if (o.what == seam::kind::thread_start) {
      ++started_;
      if (thread == next_) next_ = nobody;  // perhaps it was meant for the new one
    }
    if (!subject_->has(key_of(o.where))) return;
    if (thread < left_.size() && left_[thread] != 0) --left_[thread];
    if (thread == next_) next_ = nobody;
  }
  std::size_t choose(turn const& t) override {
    if (subject_ == nullptr) return below(t.all.size());
    if (next_ == nobody) next_ = drawn_by_weight(t.all);
    may_.clear();
    for (std::size_t i = 0; i != t.all.size(); ++i)
      if (t.all[i].thread == next_ || !subject_->has(key_of(t.all[i].next->where)))
        may_.push_back(i);
    if (!may_.empty()) return may_[below(may_.size())];
    next_ = drawn_by_weight(t.all);  // the one that was drawn cannot go on
    for (std::size_t i = 0; i != t.all.size(); ++i)
      if (t.all[i].thread == next_) return i;
    return 0;
  }

 private:
  static constexpr unsigned nobody = ~0U;

  std::size_t weight(unsigned thread) const noexcept {
    std::size_t sum = thread < left_.size() ? left_[thread] : 0;
    for (unsigned i = std::max(started_, 1U); i < left_.size(); ++i) {
      unsigned by = of_run->parents[i];  // the one alive that it comes from
      while (by >= started_) by = of_run->parents[by];
      if (by == thread) sum += left_[i];
    }
    return sum;
  }
  unsigned drawn_by_weight(std::span<candidate const> all) {
    weights_.clear();
    std::size_t sum = 0;
    for (candidate const& c : all) weights_.push_back(sum += weight(c.thread));
    if (sum == 0) return all[below(all.size())].thread;
    auto const at = std::ranges::upper_bound(weights_, below(sum));
    return all[static_cast<std::size_t>(at - weights_.begin())].thread;
  }

  subject const* subject_ = nullptr;
  unsigned started_ = 1;
  unsigned next_ = nobody;           // whose operation at the subject comes next
  std::vector<std::uint32_t> left_;  // operations at the subject, by thread
  std::vector<std::size_t> weights_, may_;
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
  random_stream odd(mix64(seed ^ 0x6F6464U));
  if (odd.below(4) == 0) p.surprises = 1 + static_cast<unsigned>(odd.below(3));
  return p;
}

plan plan::of(std::uint64_t seed, profile const& from) noexcept {
  plan p = of(seed, from.points);
  random_stream parts(mix64(seed ^ 0x70617274U));
  std::uint64_t const part = parts.below(8);
  constexpr std::array ways{way::surw, way::surw, way::few, way::pos,
                            way::pos,  way::pos,  way::pct, way::sticky};
  p.how = ways[part];
  if (p.how == way::few) p.gang_start = true;
  p.most = parts.below(4) == 0 ? 3 : 2;
  p.of_run = &from;
  return p;
}

struct strategies::all {
  random_walk walk;
  sim::pct pct;
  sim::pos pos;
  sim::surw surw;
  sim::few few;
};

strategies::strategies() : all_(std::make_unique<all>()) {}
strategies::~strategies() = default;

strategy& strategies::of(plan const& p) {
  switch (p.how) {
    case way::uniform:
    case way::sticky:
      all_->walk.stay_percent = p.how == way::uniform ? 0 : p.stay_percent;
      return all_->walk;
    case way::pct:
      all_->pct.depth = p.depth;
      all_->pct.points = p.points;
      return all_->pct;
    case way::surw:
      all_->surw.of_run = p.of_run;
      return all_->surw;
    case way::few:
      all_->few.most = p.most;
      return all_->few;
    case way::pos:
      break;
  }
  return all_->pos;
}

}  // namespace quartet::detail::sim
