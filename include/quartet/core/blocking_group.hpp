// SPDX-License-Identifier: Apache-2.0
// Many calls from plain code, waited for together: no future for each.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <quartet/core/executor.hpp>
#include <quartet/seam/shared.hpp>

namespace quartet {

/// Calls given to one executor and joined together. Prefer it to `submit` where a plain function
/// starts many small calls whose results go elsewhere, to `map` where they are not the items of a
/// range. In a coroutine use `with_group`.
///
/// Example: `blocking_group g(pool); for (auto& x : all) g.spawn(work, std::ref(x));
/// g.blocking_join();` Threads: belongs to one thread at a time; the calls run wherever the
/// executor runs them. Stop: is a scope, below that of the task that made it; `stop` ends all its
/// calls, and those that have not begun never run. Errors: the first failure stops the others.
/// Lifetime: shorter than the executor's. The destructor stops what was not joined and waits for
/// it. Cost: no allocation for a callable of up to some 300 bytes once as many have ended. Small
/// plain calls of one function, spawned while the workers are behind, share the way to them.
class blocking_group {
 public:
  template <executor E> explicit blocking_group(E& e) : blocking_group(e.target()) {
    static_assert(std::same_as<typename E::border, any_call>,
                  "quartet: a blocking_group calls functions of this process; for this executor "
                  "use map or submit");
  }
  blocking_group(blocking_group const&) = delete;
  blocking_group& operator=(blocking_group const&) = delete;
  ~blocking_group();

  /// Starts `f(args...)`, a plain or coroutine function, moved into the call. Blocks: never, but
  /// for an executor that runs calls here and now. Errors: bad_alloc, what moving throws.
  template <class F, class... A> void spawn(F&& f, A&&... args) {
    if constexpr (detail::check_callable<F, A...>()) {
      using one_of_many = packed<std::decay_t<F>, std::decay_t<A>...>;
      if constexpr (one_of_many::fits)
        one_of_many::add(*this, std::forward<F>(f), std::forward<A>(args)...);
      else
        spawn_alone(std::forward<F>(f), std::forward<A>(args)...);
    }
  }

  // For an overloaded function that does not say which.
  template <detail::unclear F = detail::this_names_several_functions, class... A>
  void spawn(F f, A&&... args);

  /// Waits until all have ended; afterwards the group is as new. Blocks: the thread; a worker of a
  /// pool gives its slot away. Errors: the first failure; stopped, if the group was stopped;
  /// would_deadlock inside a task of the loop that would have to run them.
  void blocking_join();

  void stop() noexcept { scope_->request(); }
  bool stopping() const noexcept { return scope_->requested(); }

 private:
  // Room for a call, or a pack of them (detail/blocking_pack.hpp), whose state outlives it.
  struct alignas(64) block {
    static constexpr std::size_t head = 16;
    detail::watched<block*> next = nullptr;
    seam::atomic<std::uint32_t> state{0};
    alignas(head) std::byte room[512 - head];

    static block& around(void* p) noexcept {
      static_assert(offsetof(block, room) == head);
      return *reinterpret_cast<block*>(static_cast<std::byte*>(p) - head);
    }
  };
  static constexpr std::size_t blocks_at_once = 32;
  struct slab {
    block blocks[blocks_at_once];
  };
  struct pack;
  template <class F, class... A> struct packed;

  // In front of the call, so that a worker needs one line of a small one.
  template <class F, class... A> struct work {
    template <class G, class... B> explicit work(blocking_group& g, G&& f, B&&... args)
        : of(g), parts(std::forward<G>(f), std::forward<B>(args)...) {}
    blocking_group& of;
    detail::stored_call<F, A...> parts;
  };

  template <class F, class... A> struct spawned : work<F, A...>, call {
    using work<F, A...>::of;
    using work<F, A...>::parts;

    template <class G, class... B> explicit spawned(blocking_group& g, G&& f, B&&... args)
        : work<F, A...>(g, std::forward<G>(f), std::forward<B>(args)...) {
      run = [](work_item& w, std::size_t, std::size_t) noexcept { static_cast<spawned&>(w).go(); };
      fail = [](call& c, std::size_t, std::size_t, ending how, std::exception_ptr e) noexcept {
        auto& self = static_cast<spawned&>(c);
        if (how == ending::failed) self.of.keep(std::move(e));
        self.end();
      };
      scope = g.scope_;
      level = g.level_;
      account = g.account_;
    }
    void go() noexcept {
      if (of.stopping()) return end();
      if constexpr (is_coroutine_call<F, A...>) {
        try {
          drive(of.place_of_calls(), *this).enter();
        } catch (...) {  // no memory
          of.keep(std::current_exception());
          end();
        }
      } else {
        task_context t(of.place_of_calls());
        {
          task_scope inside(t);
          try {
            parts.invoke();
          } catch (...) {
            of.keep_thrown();
          }
          parts.drop();
        }
        end();
      }
    }
    static detail::root drive(detail::root_place, spawned& self) {
      try {
        co_await self.parts.invoke();
      } catch (...) {
        self.of.keep_thrown();
      }
      self.parts.drop();
      self.end();
    }
    void end() noexcept {
      blocking_group& group = of;
      this->~spawned();
      group.give_room(this, {sizeof(spawned), alignof(spawned)});
      group.have_ended(1);
    }
  };

  template <class F, class... A> void spawn_alone(F&& f, A&&... args) {
    using record = spawned<std::decay_t<F>, std::decay_t<A>...>;
    constexpr layout needs{sizeof(record), alignof(record)};
    void* const at = take_room(needs);
    try {
      begin(*::new (at) record(*this, std::forward<F>(f), std::forward<A>(args)...));
    } catch (...) {
      give_room(at, needs);
      throw;
    }
  }

  explicit blocking_group(executor_base& e);
  struct layout {
    std::size_t size;
    std::size_t alignment;
    constexpr bool fits() const noexcept {
      return size <= sizeof(block::room) && alignment <= block::head;
    }
  };
  void* take_room(layout needs) {
    if (!needs.fits()) return ::operator new(needs.size, std::align_val_t(needs.alignment));
    return take_block().room;
  }
  void give_room(void* p, layout had) noexcept {
    if (!had.fits()) return ::operator delete(p, std::align_val_t(had.alignment));
    give_block(block::around(p));
  }
  block& take_block() {
    if (free_ == nullptr) [[unlikely]]
      refill();
    return *std::exchange(free_, free_->next);
  }
  void give_block(block& b) noexcept;
  void refill();
  detail::root_place place_of_calls() const noexcept {
    return {home_, scope_, nullptr, {}, level_, account_};
  }
  void begin(call& c) noexcept {
    ++spawned_;
    home_.start(c);
  }
  void begin_pack(block& b, call& p) noexcept;
  void have_ended(std::size_t n) noexcept;
  void keep(std::exception_ptr e) noexcept;
  void keep_thrown() noexcept;
  void wait(bool to_end);
  void renew_scope();
  void link_scope() noexcept;

  static constexpr std::uint64_t far = std::uint64_t{1} << 62;

  // Read by every call; what the owner writes with each spawn lies elsewhere.
  executor_base& home_;
  executor_base* const driver_;  // home_, if a blocked thread must drive it
  stop_state* scope_;
  priority const level_ = detail::level_of_call(std::nullopt);
  detail::account_number const account_ = detail::account_of_call();
  seam::home_process process_;
  alignas(64) std::uint64_t spawned_ = 0;  // since the last join
  block* free_ = nullptr;                  // of the owner
  // The newest pack, to which calls may still be added; null: none. It may be gone, its block not.
  block* open_ = nullptr;
  work_item::run_function open_kind_ = nullptr;
  std::uint64_t open_number_ = 0;  // home_.started(), with it
  std::vector<std::unique_ptr<slab>> slabs_;
  alignas(64) seam::atomic<block*> returned_{nullptr};  // by those who ended
  // far, less those that ended; the join subtracts far - spawned_: then it counts those still out.
  seam::atomic<std::uint64_t> left_{far};
  waiter* joiner_ = nullptr;  // written before the join subtracts, read by whoever ends last
  seam::mutex guard_;         // guards the field below
  detail::watched<std::exception_ptr> failure_;
};

}  // namespace quartet

#include <quartet/core/detail/blocking_pack.hpp>
