// SPDX-License-Identifier: Apache-2.0
// Splitting and running ranges.
#include "range_part.hpp"

#include <algorithm>
#include <chrono>
#include <new>

#include <quartet/base/assert.hpp>
#include <quartet/base/new_error.hpp>
#include <quartet/core/detail/frame_cache.hpp>
#include <quartet/core/detail/pace.hpp>
#include <quartet/core/stop.hpp>

#include "worker.hpp"

namespace quartet::detail::pool {

namespace {

/// How many parts of one call there may be at once, so that no more workers run it than it wants.
/// Threads: all members concurrently. Lifetime: gone with the last part.
class part_limit {
 public:
  explicit part_limit(unsigned most) noexcept : most_(most) {}
  bool try_enter() noexcept {
    unsigned n = parts_.load(seam::relaxed);
    while (n < most_)
      if (parts_.compare_exchange(n, n + 1, seam::relaxed, seam::relaxed)) return true;
    return false;
  }
  void leave() noexcept {
    if (parts_.fetch_sub(1, seam::acq_rel) == 1) delete this;
  }

 private:
  unsigned const most_;
  seam::atomic<unsigned> parts_{1};
};

struct range {
  call* whole;
  std::size_t first, last;
  std::size_t fixed;  // items of a chunk, if the caller chose; else 0
  part_limit* limit;  // null: as many parts as you like
  pace chunks{};
  std::size_t size() const noexcept { return last - first; }
};

struct range_part : call {
  explicit range_part(range const& r) noexcept : of(r) {
    run = [](work_item& c, std::size_t, std::size_t) noexcept { take(c).run_here(); };
    fail = &drop;
    level = r.whole->level;
    account = r.whole->account;
  }
  range_part(range_part const&) = default;

  static range_part* make(range const& r) noexcept {
    try {
      return ::new (allocate_frame(sizeof(range_part))) range_part(r);
    } catch (std::bad_alloc const&) {
      return nullptr;
    }
  }
  /// The record's content; the record is gone.
  static range_part take(work_item& c) noexcept {
    auto* const p = static_cast<range_part*>(&c);
    range_part const content = *p;
    p->~range_part();
    free_frame(p, sizeof(range_part));
    return content;
  }
  void run_here() const noexcept;
  static void drop(call& c, std::size_t, std::size_t, ending how,
                   std::exception_ptr error) noexcept {
    range const rest = take(c).of;
    if (rest.limit != nullptr) rest.limit->leave();
    rest.whole->fail(*rest.whole, rest.first, rest.last, how, std::move(error));
  }

  watched<range> of;
};

constexpr duration slice = std::chrono::milliseconds(1);
constexpr unsigned chunks_in_a_slice = 64;
constexpr duration lent_after = std::chrono::milliseconds(50);

/// One part while a worker runs it.
class part_run final : lender, timer {
 public:
  part_run(worker& w, range r) noexcept
      : timer([](timer& t) noexcept { static_cast<part_run&>(t).lend(); }),
        worker_(w),
        pool_(w.home()),
        r_(r),
        slice_begin_(clock::now()) {
    r_.chunks.begin(slice_begin_);
    outer_ = worker_.lends_from(this);
  }
  part_run(part_run const&) = delete;
  part_run& operator=(part_run const&) = delete;
  ~part_run() { worker_.lends_from(outer_); }

  void run() noexcept {
    while (r_.size() != 0) {  // it may have been lent; then the call may be gone
      split_if_wanted();
      std::size_t const n = next_chunk();
      run_chunk(n);
      if (r_.size() != 0 && slice_over() && step_behind()) return;
    }
    if (r_.limit != nullptr) r_.limit->leave();
  }

  // An item waits, perhaps for one that is still to run. If it does so for long, somebody else
  // goes on with the rest.
  void will_block() noexcept override {
    if (r_.size() == 0) return;
    when = after(lent_after);
    try {
      pool_.timers.arm(*this);
      armed_ = true;
    } catch (...) {  // no room for another timer: the rest stays here
    }
  }
  void did_block() noexcept override {
    if (std::exchange(armed_, false)) pool_.timers.cancel(*this);
  }

 private:
  /// On whatever thread timers fire; ours waits meanwhile.
  void lend() noexcept {
    if (r_.limit != nullptr && !r_.limit->try_enter()) return;
    range_part* const p = range_part::make(r_);
    if (p == nullptr) {
      if (r_.limit != nullptr) r_.limit->leave();
      return;
    }
    p->level = level();
    r_.first = r_.last;
    pool_.start(*p);
  }

  /// All that is left, if the call is stopped: it settles its items without running them.
  std::size_t next_chunk() const noexcept {
    stop_state const* const s = r_.whole->scope;
    if (s != nullptr && s->requested()) return r_.size();
    if (r_.fixed != 0) return std::min(r_.fixed, r_.size());
    return std::min(r_.chunks.grain(), r_.size() / (8 * std::size_t{pool_.workers()}) + 1);
  }

  void split_if_wanted() noexcept {
    if (pool_.workers() == 1 || !worker_.bare() || !pool_.sleep.hungry()) return;
    if (r_.fixed == 0 && !r_.chunks.is_worth_giving(r_.size())) return;
    std::size_t const grain = std::max<std::size_t>(r_.fixed, 1);
    std::size_t const chunks = (r_.size() + grain - 1) / grain;
    if (chunks < 2 || (r_.limit != nullptr && !r_.limit->try_enter())) return;
    range far = r_;
    far.first += chunks / 2 * grain;
    if (queue(far, true))
      r_.last = far.first;
    else if (r_.limit != nullptr)
      r_.limit->leave();
  }

  bool queue(range const& r, bool stealable) noexcept {
    range_part* const p = range_part::make(r);
    if (p == nullptr) return false;
    priority const at = level();
    if (at != priority::normal || !stealable || !worker_.keep(*p)) pool_.push_at_level(*p, at);
    pool_.call_one();
    return true;
  }

  /// If it is all that is left, this may be the last use of the call.
  void run_chunk(std::size_t n) noexcept {
    std::size_t const first = r_.first;
    r_.first += n;
    r_.whole->run(*r_.whole, first, r_.first);
    if (r_.size() != 0) r_.chunks.chunk_ran(n, clock::now());
  }

  /// The call's own, or that of whoever waits for it.
  priority level() const noexcept {
    stop_state const* const s = r_.whole->scope;
    return s == nullptr ? r_.whole->level : std::max(r_.whole->level, s->raised());
  }

  bool slice_over() noexcept {
    if (worker_.gives_way(level())) return true;
    return ++chunks_ % chunks_in_a_slice == 0 || r_.chunks.now() - slice_begin_ > slice;
  }

  /// The rest goes behind everything that waits. False: nothing does, or no memory: go on.
  bool step_behind() noexcept {
    worker_.look_at_timers();
    slice_begin_ = r_.chunks.now();
    return worker_.others_wait(level()) && queue(r_, false);
  }

  worker& worker_;
  core& pool_;
  range r_;
  time_point slice_begin_;
  unsigned chunks_ = 0;
  bool armed_ = false;
  lender* outer_;
};

void range_part::run_here() const noexcept {
  part_run(static_cast<worker&>(*current_execution()), of).run();
}

}  // namespace

bool stands_for(call const& queued, call const& c) noexcept {
  if (c.count == 1) return &queued == &c;
  return queued.fail == &range_part::drop && static_cast<range_part const&>(queued).of->whole == &c;
}

call* whole_range(core& home, call& c) noexcept {
  range r{&c, 0, c.count, c.chunk, nullptr};
  range_part* part = nullptr;
  try {
    if (c.workers != 0 && c.workers < home.most_workers) r.limit = new part_limit(c.workers);
    part = range_part::make(r);
  } catch (std::bad_alloc const&) {
  }
  if (part != nullptr) return part;
  delete r.limit;
  QUARTET_ASSERT(c.fail != nullptr, "no memory for a call that cannot fail");
  c.fail(c, 0, c.count, ending::failed, new_error<std::bad_alloc>());
  return nullptr;
}

}  // namespace quartet::detail::pool
