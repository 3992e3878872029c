// SPDX-License-Identifier: Apache-2.0
// Small plain calls of one function that a blocking_group gives to its executor as one.
//
// A pack goes to the executor with its first call. Until a worker takes it, its group's owner adds
// to it; so the further behind the workers are, the more calls go as one. It is added to only while
// it is the newest that the executor was given from outside, so that the order is that of spawning.
// Whoever takes it gives the rest back to the executor before it runs a call: another worker may go
// on with it at once, and a call that waits keeps no other. If nobody has, it goes on itself.
//
// Synchronises with
//   (1) release compare-exchange of state in add → (2) acquire exchange in take_turn: the calls.
//   (3) acq_rel fetch_add of ended: whoever ends the last call sees that all others have ended.
// The executor orders one turn before the next.
#pragma once

#include <quartet/core/blocking_group.hpp>

namespace quartet {

/// The part of a pack that does not depend on what is called.
/// Threads: `begun` and `size` belong to whoever the executor has run the pack, `ended` to all.
/// Stop: each call looks before it begins. Errors: kept by the group. Lifetime: until its last call
/// has ended; its block's as long as the group's.
struct blocking_group::pack {
  static constexpr std::uint32_t taken = std::uint32_t{1} << 31;  // in block::state

  explicit pack(blocking_group& g) noexcept : of(g) {}

  blocking_group& of;
  detail::watched<std::uint32_t> begun = 0;
  detail::watched<std::uint32_t> size = 0;  // written by the first turn
  seam::atomic<std::uint32_t> ended{0};
};

/// A pack of calls of one type. Threads, stop, errors, lifetime: as `pack`.
template <class F, class... A> struct blocking_group::packed : pack, call {
  struct parts {
    template <class G, class... B> explicit parts(std::in_place_t, G&& g, B&&... b)
        : f(std::forward<G>(g)), arguments(std::forward<B>(b)...) {}
    /// Gives the callable and the arguments away.
    template <class To> void hand_over(To&& to) {
      std::apply([&](A&... a) { to(std::move(f), std::move(a)...); }, arguments);
    }
    F f;
    std::tuple<A...> arguments;
  };
  using item = detail::watched<parts>;

  static constexpr std::size_t most = 32;
  static constexpr std::size_t place_of_items() noexcept {
    return (sizeof(pack) + sizeof(call) + alignof(item) - 1) / alignof(item) * alignof(item);
  }
  static constexpr std::size_t room() noexcept {
    std::size_t const fit = (sizeof(block::room) - place_of_items()) / sizeof(item);
    return fit < most ? fit : most;
  }
  static constexpr bool fits = !is_coroutine_call<F, A...> && alignof(item) <= block::head &&
                               place_of_items() + 2 * sizeof(item) <= sizeof(block::room) &&
                               std::is_nothrow_move_constructible_v<F> &&
                               (std::is_nothrow_move_constructible_v<A> && ...);

  explicit packed(blocking_group& g) noexcept : pack(g) {
    run = &take_turn;
    fail = &give_up;
    many = true;
    scope = g.scope_;
    level = g.level_;
    account = g.account_;
  }

  /// One more call: in the newest pack, or in a new one.
  template <class G, class... B> static void add(blocking_group& g, G&& f, B&&... args) {
    if (g.free_ == nullptr) [[unlikely]]
      g.refill();  // first, so that nothing is lost if there is no memory
    item x(std::in_place, std::forward<G>(f), std::forward<B>(args)...);  // may spawn in its turn
    block* const open = g.open_;
    std::uint32_t n = pack::taken;
    if (open != nullptr && g.open_kind_ == &take_turn && g.home_.started() == g.open_number_)
      n = open->state.load(seam::relaxed);
    if (n >= (seam::simulated() ? 2 : room())) return begin_with(g, std::move(x));
    item* const there = ::new (place_in(*open, n)) item(std::move(x));
    if (open->state.compare_exchange(n, n + 1, seam::release, seam::relaxed)) {  // (1)
      ++g.spawned_;
      return;
    }
    // Taken meanwhile. Its block may be the next that we get: out of the way first.
    item late(std::move(*there));
    there->~item();
    begin_with(g, std::move(late));
  }

 private:
  static item* place_in(block& b, std::uint32_t i) noexcept {
    return reinterpret_cast<item*>(b.room + place_of_items()) + i;
  }
  static void begin_with(blocking_group& g, item&& x) {
    static_assert(sizeof(packed) <= place_of_items());
    block& b = g.take_block();
    ::new (place_in(b, 0)) item(std::move(x));
    b.state.store(1, seam::relaxed);  // it goes through the executor
    g.begin_pack(b, *::new (b.room) packed(g));
  }

  static packed& from(work_item& w) noexcept { return static_cast<packed&>(w); }
  block& around() noexcept { return block::around(static_cast<pack*>(this)); }

  /// The number of calls; in the first turn nobody adds to them from here on.
  std::uint32_t taken_size() noexcept {
    if (begun.read() == 0) size = around().state.exchange(pack::taken, seam::acquire);  // (2)
    return size.read();
  }

  static void take_turn(work_item& w, std::size_t, std::size_t) noexcept {
    packed& p = from(w);
    execution* const on = current_execution();
    std::uint32_t const n = p.taken_size();
    std::uint32_t here = 0;  // ended, and not counted
    bool more;
    do {
      std::uint32_t const i = p.begun.read();
      p.begun = i + 1;
      more = i + 1 != n;
      if (more && (on == nullptr || !on->offer(p)))
        p.of.home_.start(p);  // from here on it belongs to others
      p.run_one(*place_in(p.around(), i));
      ++here;
    } while (more && on != nullptr && on->goes_on_with(p));
    p.end(here, n);
  }

  void run_one(item& x) noexcept {
    if (of.stopping()) return x.~item();
    task_context t(of.place_of_calls());
    task_scope inside(t);
    try {
      x.write().hand_over([](auto&&... all) { detail::invoke(std::move(all)...); });
    } catch (...) {
      of.keep_thrown();
    }
    x.~item();  // inside the task: a destructor may wait
  }

  static void give_up(call& c, std::size_t, std::size_t, ending how,
                      std::exception_ptr e) noexcept {
    packed& p = from(c);
    std::uint32_t const n = p.taken_size();
    std::uint32_t const first = p.begun.read();
    if (how == ending::failed) p.of.keep(std::move(e));
    for (std::uint32_t i = first; i != n; ++i) place_in(p.around(), i)->~item();
    p.end(n - first, n);
  }

  void end(std::uint32_t k, std::uint32_t n) noexcept {
    if (k != n && ended.fetch_add(k, seam::acq_rel) + k != n) return;  // (3)
    blocking_group& group = of;
    block& b = around();
    this->~packed();
    group.give_block(b);
    group.have_ended(n);
  }
};

}  // namespace quartet
