// SPDX-License-Identifier: Apache-2.0
// The protocol of the reactor.
//
// Sleeping. Under `lock_` the driver looks at the inbox and at `woken_`, chooses how long to sleep
// from the first timer, and sets `sleeping_`. Whoever adds something does so under `lock_` too,
// and rings if `sleeping_` is set; so either the driver sees it or it is rung for. One ring is
// enough for one sleep, so the ringer clears `sleeping_`.
//
// Going away. Ringing is done with `lock_` held: when a posted call has run its reactor may be
// destroyed, and the destructor takes `lock_` once, after the last poster has let go of it.
//
// Telling. A timer or watcher is taken out of its structure under `lock_`, noted as busy, and
// called without it. `cancel` and `unwatch` from another thread wait while it is busy. Events
// carry place and generation instead of a pointer: one that is fetched from the kernel while its
// watcher is unwatched finds the place empty or of another generation.
//
// Refused: a lock-free inbox. It would save the lock of a foreign post, and need another way to
// know that the ringer has finished with us.
#include <algorithm>
#include <array>
#include <system_error>

#include <quartet/base/assert.hpp>
#include <quartet/reactor/reactor.hpp>

namespace quartet {

namespace {
constexpr time_point at_once{};
}

reactor::reactor() : table_(std::vector<place_in_table>(1)) {
  poller_.add(bell_.descriptor(), os::interest::readable, nullptr);
}

reactor::~reactor() {
  seam::guard g(lock_);
  QUARTET_ASSERT(!has_ready(), "a reactor was destroyed with calls that have not run");
  QUARTET_ASSERT(timers_->empty(), "a reactor was destroyed while a timer was armed");
  QUARTET_ASSERT(watched_ == 0, "a reactor was destroyed while a descriptor was watched");
}

// ---- adding work -------------------------------------------------------------------------------

void reactor::ring() noexcept {
  if (!sleeping_) return;
  sleeping_ = false;
  bell_.ring();
}

void reactor::post_from_outside(call& c) noexcept {
  seam::guard g(lock_);
  inbox_.write().push_back(c);
  has_inbox_.store(true, seam::relaxed);
  ring();
}

void reactor::wake() noexcept {
  seam::guard g(lock_);
  woken_ = true;
  ring();
}

void reactor::count_interests() noexcept {
  interests_.store(timers_->size() + watched_, seam::relaxed);
}

void reactor::arm(timer& t) {
  seam::guard g(lock_);
  timers_.write().push(t);
  count_interests();
  if (t.when < sleeping_until_.read()) ring();
}

bool reactor::cancel(timer& t) noexcept {
  seam::guard g(lock_);
  if (timers_.write().remove(t)) {
    count_interests();
    return true;
  }
  wait_until_idle(&t);
  return false;
}

void* reactor::tag_of(watcher const& w) const noexcept {
  std::uint64_t const tag = std::uint64_t{table_.read()[w.slot].generation} << 32 | w.slot;
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(tag));
}

watcher* reactor::find(void* tag) const noexcept {
  std::uint64_t const bits = reinterpret_cast<std::uintptr_t>(tag);
  place_in_table const& p = table_.read()[static_cast<std::uint32_t>(bits)];
  return p.generation == static_cast<std::uint32_t>(bits >> 32) ? p.who : nullptr;
}

void reactor::watch(int number, os::interest what, watcher& w) {
  seam::guard g(lock_);
  QUARTET_ASSERT(w.number < 0, "a watcher was used for two descriptors; unwatch it first");
  if (free_->empty()) {
    free_.write().reserve(table_->size() + 1);  // so that unwatch need not allocate
    table_.write().emplace_back();
    free_.write().push_back(table_->size() - 1);
  }
  w.slot = free_.read().back();
  poller_.add(number, what, tag_of(w));
  free_.write().pop_back();
  table_.write()[w.slot].who = &w;
  w.number = number;
  ++watched_;
  count_interests();
}

void reactor::change(os::interest what, watcher& w) {
  seam::guard g(lock_);
  QUARTET_ASSERT(w.number >= 0, "a watcher was changed that watches nothing");
  poller_.modify(w.number, what, tag_of(w));
}

void reactor::unwatch(watcher& w) noexcept {
  seam::guard g(lock_);
  if (w.number < 0) return wait_until_idle(&w);  // unwatched from inside, which may go on
  try {
    poller_.remove(w.number);
  } catch (std::system_error const&) {
    // Closed already, against the contract: the kernel has forgotten it, and so do we.
  }
  table_.write()[w.slot].who = nullptr;
  ++table_.write()[w.slot].generation;
  free_.write().push_back(w.slot);
  w.number = -1;
  --watched_;
  count_interests();
  wait_until_idle(&w);
}

// ---- driving -----------------------------------------------------------------------------------

bool reactor::try_enter() noexcept {
  seam::context const* const me = seam::current();
  QUARTET_ASSERT(me != nullptr, "a reactor is driven inside an execution_scope");
  seam::context const* none = &nobody;
  return driver_.compare_exchange(none, me, seam::acquire, seam::relaxed);  // (2)
}

void reactor::take_inbox() noexcept {
  seam::guard g(lock_);
  ready_.write().append(inbox_.write());
  has_inbox_.store(false, seam::relaxed);
}

std::size_t reactor::run_ready(std::size_t most, seam::atomic<bool> const* done) noexcept {
  std::size_t n = 0;
  while (n < most) {
    if (has_inbox_.load(seam::relaxed)) take_inbox();
    call* const c = ready_.write().pop_front();
    if (c == nullptr) break;
    ++n;
    c->run(*c, 0, c->count);
    if (done != nullptr && done->load(seam::acquire)) break;
  }
  return n;
}

void reactor::wait(time_point deadline) noexcept {
  if (has_ready())
    poll_now();
  else
    poll(deadline);
}

void reactor::poll_now() noexcept {
  if (!quiet()) poll(at_once);
}

// A wait on descriptors of our own cannot fail, so errors of the poller end the program here.
void reactor::poll(time_point deadline) noexcept {
  std::array<os::poll_event, 64> events;
  std::size_t n = 0;
  lock_.lock();
  if (woken_ || !inbox_->empty()) deadline = at_once;
  woken_ = false;
  if (detail::timer_heap const& t = timers_; deadline != at_once && !t.empty())
    deadline = std::min(deadline, t.first().when);
  if (deadline != at_once || watched_ != 0) {
    sleeping_ = deadline != at_once;
    sleeping_until_ = deadline;
    lock_.unlock();
    n = poller_.wait(events, deadline);
    lock_.lock();
    sleeping_ = false;
  }
  for (std::size_t i = 0; i < n; ++i) tell(events[i]);
  if (!timers_->empty()) fire_timers();
  lock_.unlock();
}

void reactor::tell(os::poll_event const& e) noexcept {
  if (e.tag() == nullptr) {
    bell_.drain();
    return;
  }
  if (watcher* const w = find(e.tag())) call_unlocked(w, [&] { w->ready(*w, e); });
}

// At most as many as there are now: one that arms itself again and again does not hold us here.
void reactor::fire_timers() noexcept {
  time_point const now = clock::now();
  for (std::size_t left = timers_->size(); left > 0; --left) {
    timer* const t = timers_.write().pop_due(now);
    if (t == nullptr) return;
    count_interests();
    call_unlocked(t, [t] { t->fire(*t); });
  }
}

// `what` may be gone when `f` returns, if it is ended from inside; else its owner waits for us.
template <class F> void reactor::call_unlocked(void const* what, F f) noexcept {
  busy b{what, seam::thread_identity(), busy_};
  busy_ = &b;
  lock_.unlock();
  f();
  lock_.lock();
  busy_ = b.outer;
  if (cancelling_ != 0) finished_.notify_all();
}

void reactor::wait_until_idle(void const* what) noexcept {
  auto const elsewhere = [&] {
    for (busy const* b = busy_; b != nullptr; b = b->outer)
      if (b->what == what) return b->thread != seam::thread_identity();
    return false;
  };
  ++cancelling_;
  while (elsewhere()) finished_.wait(lock_);
  --cancelling_;
}

}  // namespace quartet
