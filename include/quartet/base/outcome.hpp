// SPDX-License-Identifier: Apache-2.0
// How a piece of work ended: with a value, a failure, a stop or a timeout; never two of them.
#pragma once

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include <quartet/base/assert.hpp>
#include <quartet/base/errors.hpp>

namespace quartet {

/// The ways in which work can end.
enum class ending : unsigned char { value, failed, stopped, timed_out };

/// What `void` is stored as.
struct unit {};
template <class T> using stored = std::conditional_t<std::is_void_v<T>, unit, T>;

/// The result of one piece of work, `T` or the reason why there is none.
/// Threads: a value. Stop: a stop is an ending of its own, no error.
/// Errors: `take` throws the failure, `stopped` or `timed_out`. Lifetime: owns value and error.
template <class T> class outcome {
 public:
  outcome() noexcept = default;  // stopped, until something is set

  template <class... A> static outcome of_value(A&&... a) {
    outcome o;
    o.emplace(std::forward<A>(a)...);
    return o;
  }
  static outcome of_error(std::exception_ptr e) noexcept {
    outcome o;
    o.error_ = std::move(e);
    o.how_ = ending::failed;
    return o;
  }
  static outcome of_stop() noexcept { return {}; }
  static outcome of_timeout() noexcept {
    outcome o;
    o.how_ = ending::timed_out;
    return o;
  }

  /// Makes it a value, once. Errors: what making the value throws; it is no value then.
  template <class... A> void emplace(A&&... a) {
    value_.emplace(std::forward<A>(a)...);
    how_ = ending::value;
  }
  /// Makes it a value, or, if making that throws, the failure.
  template <class... A> void emplace_or_fail(A&&... a) noexcept {
    try {
      emplace(std::forward<A>(a)...);
    } catch (...) {
      end_as(ending::failed, std::current_exception());
    }
  }
  /// Makes it an ending without a value; `error` if and only if it failed.
  void end_as(ending how, std::exception_ptr error = nullptr) noexcept {
    value_.reset();
    error_ = std::move(error);
    how_ = how;
  }

  ending how() const noexcept { return how_; }
  explicit operator bool() const noexcept { return how_ == ending::value; }
  std::exception_ptr error() const noexcept { return error_; }

  /// The value, to look at. Errors: throws as `take` does.
  stored<T>& value() & {
    throw_unless_value();
    return *value_;
  }
  stored<T> const& value() const& {
    throw_unless_value();
    return *value_;
  }

  /// The value, or the error, moved out: what is thrown then belongs to the catcher alone, and no
  /// other thread has a part in its end.
  T take() {
    if (how_ == ending::failed && error_) std::rethrow_exception(std::move(error_));
    QUARTET_ASSERT(how_ != ending::failed, "an outcome's error is taken once");
    throw_unless_value();
    if constexpr (!std::is_void_v<T>) return std::move(*value_);
  }

 private:
  void throw_unless_value() const {
    if (how_ == ending::value) return;
    if (how_ == ending::failed) std::rethrow_exception(error_);
    if (how_ == ending::timed_out) throw timed_out();
    throw stopped();
  }

  std::exception_ptr error_;        // set if and only if how_ is failed
  std::optional<stored<T>> value_;  // set if and only if how_ is value
  ending how_ = ending::stopped;
};

}  // namespace quartet
