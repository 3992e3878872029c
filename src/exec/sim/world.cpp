// SPDX-License-Identifier: Apache-2.0
// Whose turn it is.
//
// A strand is running, ready, parked or ended. Running: exactly one, or none while `run` is
// outside. It alone changes anything here, so there is nothing to lock. It leaves itself: by `at`
// and `yield_thread` (ready again), by `park` (until somebody wakes it or its deadline comes), by
// its end. Whoever leaves enters the next one itself, without a way through `outside_`, which goes
// on only at the end of the run.
//
// A run that cannot end leaves its strands where they stand: to unwind them would run code that
// the run never had. Refused: a thread for each, handing over a token, costs a futex each switch.
#include <algorithm>
#include <cerrno>
#include <utility>

#include <quartet/exec/sim/detail/world.hpp>

namespace quartet::detail::sim {

struct world::strand {
  strand(world& w, unsigned i, void (*f)(void*), void* a, char const* n)
      : of(w),
        number(i),
        body(f),
        argument(a),
        name(n),
        flow([](void* self) { static_cast<strand*>(self)->live(); }, this, &context) {
    context.on = &w;
  }
  [[noreturn]] void live() noexcept {
    body(argument);
    of.end_strand();
  }

  world& of;
  unsigned number;  // in the order of their start
  void (*body)(void*);
  void* argument;
  std::string name;
  seam::context context;
  fiber flow;
  bool ended = false;
  void const* parked_on = nullptr;  // null: not parked
  time_point deadline = never;      // of the park
  seam::wake how = seam::wake::woken;
  seam::operation last{};
};

namespace {

char const polling = 0;  // its address is what parked pollers wait for

// No switch here: nobody else's next step depends on it, or the operation parks by itself.
bool decides(seam::kind k, bool gang_start) noexcept {
  return !(gang_start && k == seam::kind::thread_start) && k != seam::kind::unlock &&
         k != seam::kind::clock && k != seam::kind::entropy && k != seam::kind::thread_yield;
}

}  // namespace

world::world(std::uint64_t seed, plan const& p, std::uint64_t points_max)
    : strategy_(make_strategy(p, seed)),
      gang_start_(p.gang_start),
      choices_(mix64(seed)),
      bits_(mix64(mix64(seed))),
      points_max_(points_max),
      now_(std::chrono::hours(1)) {}

world::~world() {
  for (strand& s : strands_)
    if (!s.ended) s.flow.abandon();
}

outline world::run(void (*body)(void*), void* argument) {
  seam::machine_scope const here(*this);
  time_point const began = now_;
  strand& first = make_strand(body, argument, "main");
  ready_.pop_back();
  running_ = &first;
  first.flow.enter_from(outside_);
  running_ = nullptr;
  outline_.time = now_ - began;
  for (strand const& s : strands_)
    if (!s.ended) outline_.left.push_back({s.name, s.last});
  return outline_;
}

world::strand& world::make_strand(void (*body)(void*), void* argument, char const* name) {
  ready_.reserve(strands_.size() + 1);  // so that nobody who becomes ready needs memory
  candidates_.reserve(strands_.size() + 1);
  strand& s =
      strands_.emplace_back(*this, static_cast<unsigned>(strands_.size()), body, argument, name);
  ready_.push_back(&s);
  ++alive_;
  return s;
}

void world::at(seam::operation const& o) noexcept {
  if (running_ == nullptr) return;
  running_->last = o;
  std::uint64_t const what = std::uint64_t{running_->number} << 40U |
                             std::uint64_t{o.where.line} << 8U | static_cast<std::uint64_t>(o.what);
  outline_.trace_hash = mix64(outline_.trace_hash ^ what);
  if (++outline_.points > points_max_) {
    outline_.how = verdict::endless;
    outside_.enter_from(running_->flow);
  }
  if (decides(o.what, gang_start_)) go_on(true);
}

void world::yield_thread() noexcept { go_on(false); }

// With or without the running one among those from whom is chosen; without others it goes on.
void world::go_on(bool with_me) noexcept {
  if (ready_.empty()) return;
  std::size_t const chosen = choose(with_me);
  if (chosen != ready_.size()) switch_to(*std::exchange(ready_[chosen], running_));
}

// An index of ready_, or its size for the running one.
std::size_t world::choose(bool with_me) noexcept {
  candidates_.clear();
  for (strand const* s : ready_) candidates_.push_back({s->number, s->last});
  std::size_t const me = ready_.size();
  if (with_me) candidates_.push_back({running_->number, running_->last});
  return strategy_->choose(candidates_, with_me ? me : candidates_.size());
}

void world::switch_to(strand& next) noexcept {
  ++outline_.switches;
  strand& me = *std::exchange(running_, &next);
  next.flow.enter_from(me.flow);
}

seam::wake world::park(void const* on, time_point deadline) noexcept {
  strand& me = *running_;
  me.parked_on = on;
  me.deadline = deadline;
  strand* const next = next_or_end();
  if (next == nullptr)
    outside_.enter_from(me.flow);
  else if (next != &me)
    switch_to(*next);
  return me.how;
}

// Of those who can go on, after as much time as it takes. Null: nobody ever can, the run is over.
world::strand* world::next_or_end() noexcept {
  if (alive_ == 0) return nullptr;
  if (ready_.empty() && !pass_time()) {
    outline_.how = verdict::deadlock;
    return nullptr;
  }
  std::size_t const chosen = choose(false);
  strand* const next = std::exchange(ready_[chosen], ready_.back());
  ready_.pop_back();
  return next;
}

bool world::pass_time() noexcept {
  time_point first = never;
  for (strand const& s : strands_)
    if (s.parked_on != nullptr) first = std::min(first, s.deadline);
  if (first == never) return false;
  now_ = std::max(now_, first);
  for (strand& s : strands_)
    if (s.parked_on != nullptr && s.deadline <= now_) unpark(s, seam::wake::timed_out);
  return true;
}

void world::unpark(strand& s, seam::wake how) noexcept {
  s.parked_on = nullptr;
  s.how = how;
  ready_.push_back(&s);
}

void world::end_strand() noexcept {
  strand& me = *running_;
  me.ended = true;
  --alive_;
  for (strand& s : strands_)
    if (s.parked_on == &me) unpark(s, seam::wake::woken);
  strand* const next = next_or_end();
  if (next == nullptr) outside_.enter_after(me.flow);
  ++outline_.switches;
  running_ = next;
  next->flow.enter_after(me.flow);
}

seam::wake world::futex_wait(std::uint32_t const* word, std::uint32_t expected,
                             time_point deadline) noexcept {
  if (__atomic_load_n(word, __ATOMIC_SEQ_CST) != expected) return seam::wake::changed;
  if (deadline <= now_) return seam::wake::timed_out;
  return park(word, deadline);
}

// Which of those who wait is woken is a choice, too: the kernel promises no order.
void world::futex_wake(std::uint32_t const* word, int count) noexcept {
  for (; count > 0; --count) {
    auto const waits = [word](strand const& s) { return s.parked_on == word; };
    auto const n = static_cast<std::uint64_t>(std::ranges::count_if(strands_, waits));
    if (n == 0) return;
    std::uint64_t chosen = n == 1 ? 0 : choices_.below(n);
    for (strand& s : strands_)
      if (waits(s) && chosen-- == 0) {
        unpark(s, seam::wake::woken);
        break;
      }
  }
}

seam::thread_handle* world::start_thread(void (*body)(void*), void* argument, char const* name) {
  return reinterpret_cast<seam::thread_handle*>(&make_strand(body, argument, name));
}

void world::join_thread(seam::thread_handle* t) noexcept {
  auto const& s = *reinterpret_cast<strand*>(t);
  if (!s.ended) park(&s, never);
}

int world::poll(int poller, epoll_event* events, int capacity, time_point deadline) noexcept {
  for (;;) {
    int const n = machine::poll(poller, events, capacity, time_point());  // what is there already
    if (n != 0 || deadline <= now_) return n;
    park(&polling, deadline);
  }
}

// Descriptors are real ones; what is written to one may be what a poller waits for.
void world::wake_pollers() noexcept {
  for (strand& s : strands_)
    if (s.parked_on == &polling) unpark(s, seam::wake::woken);
}

std::ptrdiff_t world::write(int fd, void const* from, std::size_t size) noexcept {
  std::ptrdiff_t const n = machine::write(fd, from, size);
  wake_pollers();
  return n;
}

std::ptrdiff_t world::send(int fd, msghdr const* message, int flags) noexcept {
  std::ptrdiff_t const n = machine::send(fd, message, flags);
  wake_pollers();
  return n;
}

seam::process_handle world::start_process(seam::process_plan const&) noexcept {
  errno = ENOSYS;
  return {-1, -1};
}

}  // namespace quartet::detail::sim
