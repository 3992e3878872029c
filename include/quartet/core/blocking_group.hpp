// SPDX-License-Identifier: Apache-2.0
// Many calls from plain code, waited for together: no future for each.
#pragma once

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
/// it. Cost: no allocation for a callable of up to about a hundred bytes once as many have ended.
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
      using record = spawned<std::decay_t<F>, std::decay_t<A>...>;
      constexpr layout needs{sizeof(record), alignof(record)};
      void* const at = take_block(needs);
      try {
        begin(*::new (at) record(*this, std::forward<F>(f), std::forward<A>(args)...));
      } catch (...) {
        give_block(at, needs);
        throw;
      }
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
  struct block {
    detail::watched<block*> next;
  };
  static constexpr std::size_t block_size = 256, blocks_at_once = 64;
  struct alignas(64) slab {
    std::byte bytes[block_size * blocks_at_once];
  };

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
      group.give_block(this, {sizeof(spawned), alignof(spawned)});
      group.one_ended();
    }
  };

  explicit blocking_group(executor_base& e);
  struct layout {
    std::size_t size;
    std::size_t alignment;
    bool fits() const noexcept { return size <= block_size && alignment <= alignof(slab); }
  };
  void* take_block(layout needs) {
    if (!needs.fits()) return ::operator new(needs.size, std::align_val_t(needs.alignment));
    if (free_ == nullptr) [[unlikely]]
      refill();
    return std::exchange(free_, free_->next);
  }
  void give_block(void* p, layout had) noexcept;
  void refill();
  detail::root_place place_of_calls() const noexcept {
    return {home_, scope_, nullptr, {}, level_, account_};
  }
  void begin(call& c) noexcept {
    ++spawned_;
    home_.start(c);
  }
  void one_ended() noexcept;
  void keep(std::exception_ptr e) noexcept;
  void keep_thrown() noexcept;
  void wait(bool to_end);
  void renew_scope();
  void link_scope() noexcept;

  static constexpr std::uint64_t far = std::uint64_t{1} << 62;

  executor_base& home_;
  executor_base* const driver_;  // home_, if a blocked thread must drive it
  stop_state* scope_;
  priority const level_ = detail::level_of_call(std::nullopt);
  detail::account_number const account_ = detail::account_of_call();
  std::uint64_t spawned_ = 0;  // since the last join
  block* free_ = nullptr;      // of the owner
  std::vector<std::unique_ptr<slab>> slabs_;
  seam::home_process process_;
  alignas(64) seam::atomic<block*> returned_{nullptr};  // by those who ended
  // far, less those that ended; the join subtracts far - spawned_: then it counts those still out.
  seam::atomic<std::uint64_t> left_{far};
  waiter* joiner_ = nullptr;  // written before the join subtracts, read by whoever ends last
  seam::mutex guard_;         // guards the field below
  detail::watched<std::exception_ptr> failure_;
};

}  // namespace quartet
