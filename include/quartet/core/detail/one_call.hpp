// SPDX-License-Identifier: Apache-2.0
// The record of one submitted call: callable, arguments, outcome.
#pragma once

#include <quartet/core/detail/call_record.hpp>
#include <quartet/core/detail/deadline_scope.hpp>
#include <quartet/core/detail/stored_call.hpp>

namespace quartet::detail {

/// A record whose result is an `outcome<R>`: what a future sees.
template <class R> class result_record : public call_record {
 public:
  using call_record::call_record;
  /// After the end. Errors: what the call threw, timed_out or stopped.
  R take() { return result.write().take(); }

  watched<outcome<R>> result;  // written before the call ends, read after
};

/// Threads, stop, lifetime: see call_record. Errors: kept in `result`.
template <class R, class F, class... A> class one_call : public result_record<R> {
 public:
  using function_type = F;
  using result_type = R;
  using argument_types = std::tuple<A...>;

  template <class G, class... B> one_call(executor_base& e, G&& f, B&&... args)
      : result_record<R>(e, 1), stored_(std::forward<G>(f), std::forward<B>(args)...) {
    this->run = [](work_item& c, std::size_t, std::size_t) noexcept {
      if (from(c).begins()) from(c).go();
    };
    this->fail = [](call& c, std::size_t, std::size_t, ending how,
                    std::exception_ptr error) noexcept {
      if (from(c).begins()) from(c).settle_failed(how, std::move(error));
    };
  }

  // What a border that can send the call needs of it.
  static one_call& from(work_item& c) noexcept { return static_cast<one_call&>(c); }
  F& function() noexcept { return stored_.function(); }
  auto arguments(std::size_t) noexcept { return stored_.arguments(); }
  template <class... V> void settle(std::size_t, V&&... v) noexcept {
    this->result.write().emplace_or_fail(std::forward<V>(v)...);
    settle_one();
  }
  static R run_blocking(executor_base& e, F f, A... args);

 private:
  void settle_failed(ending how, std::exception_ptr error) noexcept {
    this->result.write().end_as(how, std::move(error));
    settle_one();
  }
  void settle_one() noexcept {
    stored_.drop();
    this->settled(1);
  }

  stop_state& make_scope() {
    if (this->timeout == duration::zero()) return *this;
    timed_ = deadline_scope::with(this->owner(), this, after(this->timeout));
    return *timed_;
  }
  void end_scope() noexcept {
    if (timed_ != nullptr) std::exchange(timed_.write(), nullptr)->end();
  }

  void go() noexcept {
    if (this->requested()) {
      this->result.write().end_as(ending_of_stop(*this));
      settle_one();
      return;
    }
    if constexpr (is_coroutine_call<F, A...>) {
      try {
        root_place p = this->at();
        p.scope = &make_scope();
        drive(p, *this).enter();
      } catch (...) {  // it has not begun: no memory, or no timer
        end_scope();
        settle_failed(ending::failed, std::current_exception());
      }
    } else {
      task_context t(this->at());
      {
        task_scope inside(t);
        call_into(this->result.write(), t, [this, &t]() -> R {
          t.scope = &make_scope();
          return stored_.invoke();
        });
        stored_.drop();  // inside the task: a destructor may wait
      }
      end_scope();
      this->settled(1);
    }
  }

  static root drive(root_place p, one_call& self) {
    try {
      if constexpr (std::is_void_v<R>) {
        co_await self.stored_.invoke();
        self.result.write().emplace();
      } else {
        self.result.write().emplace(co_await self.stored_.invoke());
      }
    } catch (...) {
      end_by_throw(self.result.write(), p.scope);
    }
    self.stored_.drop();
    self.end_scope();
    self.settled(1);
  }

  stored_call<F, A...> stored_;
  watched<deadline_scope*> timed_ = nullptr;  // null: no timeout
};

}  // namespace quartet::detail
