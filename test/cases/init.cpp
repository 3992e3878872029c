// SPDX-License-Identifier: Apache-2.0
// Things that are made by whoever comes first.
#define QUARTET_CHECK 1
#include <array>
#include <optional>

#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>

#include "cases/case.hpp"
#include "cases/threads.hpp"

namespace quartet::cases {

namespace {

/// A library that its first user starts and its last one shuts down, both outside the lock. Broken:
/// who has waited for it to be down goes on even if somebody is starting it again.
template <version v> class library {
 public:
  void enter() {
    m_.lock();
    bool const waits = between();
    if (waits) changed_.wait(m_);
    while (v == mended && between()) changed_.wait(m_);
    ++users_;
    bool const first = state_ == down;
    if (first) state_ = starting;
    m_.unlock();
    if (first) become(up);
  }
  void use() const { check(ready_.load(seam::acquire), "who has entered can use it"); }
  void leave() {
    m_.lock();
    bool const last = --users_ == 0;
    if (last) state_ = ending;
    m_.unlock();
    if (last) become(down);
  }

 private:
  enum state : int { down, starting, up, ending };
  bool between() const { return state_ == starting || state_ == ending; }
  void become(state s) {
    ready_.store(s == up, seam::release);
    seam::guard const g(m_);
    state_ = s;
    changed_.notify_all();
  }

  seam::mutex m_;  // guards users_ and state_
  seam::condition changed_;
  shared<int> users_{0}, state_{down};
  seam::atomic<bool> ready_{false};
};

template <version v> void restart() {
  library<v> l;
  crowd(3, [&](int) {
    l.enter();
    l.use();
    l.leave();
  });
}

/// A lock made when it is first needed. Broken: by two at once, and each takes its own.
template <version v> void lazy_lock() {
  seam::atomic<seam::mutex*> made{nullptr};
  std::array<seam::mutex, 2> makes;
  shared<int> n{0};
  crowd(2, [&](int i) {
    seam::mutex* lock = made.load(seam::acquire);
    if (lock == nullptr) {
      seam::mutex* const mine = &makes[static_cast<std::size_t>(i)];
      if (v == broken) made.store(mine, seam::release);
      if (v == broken || made.compare_exchange(lock, mine, seam::acq_rel, seam::acquire))
        lock = mine;
    }
    seam::guard const g(*lock);
    ++n;
  });
  check(n == 2, "each is counted");
}

/// Made under a lock, but found without it. Broken: what the pointer shows is not published.
template <version v> void double_checked() {
  constexpr auto publish = v == mended ? seam::release : seam::relaxed;
  constexpr auto find = v == mended ? seam::acquire : seam::relaxed;
  seam::atomic<shared<int>*> instance{nullptr};
  seam::mutex m;
  std::optional<shared<int>> place;
  crowd(2, [&](int) {
    auto* p = instance.load(find);
    if (p == nullptr) {
      seam::guard const g(m);
      p = instance.load(seam::relaxed);
      if (p == nullptr) instance.store(p = &place.emplace(3), publish);
    }
    check(*p == 3, "what was made is seen");
  });
}

}  // namespace

std::vector<sim_case> init_cases() {
  return {
      {19, "restart", "started again while one waits for its end (RADBench bug4)",  //
       restart<broken>, restart<mended>, verdict::check, 50},
      {19,
       "lazy_lock",
       "two make the lock, each its own (RADBench bug6)",  //
       lazy_lock<broken>,
       lazy_lock<mended>,
       {verdict::race, verdict::check},
       50},
      {28, "double_checked", "a pointer stored and loaded with no order",  //
       double_checked<broken>, double_checked<mended>, verdict::race},
  };
}

}  // namespace quartet::cases
