// SPDX-License-Identifier: Apache-2.0
// Plain data that several threads use, watched for races where the file is compiled for it.
#pragma once

#include <concepts>
#include <utility>

#include <quartet/seam/machine.hpp>

#ifndef QUARTET_CHECK
#define QUARTET_CHECK 0  // 1: uses of shared data announce themselves
#endif
#ifndef QUARTET_CHECK_OWN
#define QUARTET_CHECK_OWN 0  // 1: those inside quartet too; alike in the library and its users
#endif

namespace quartet {

namespace detail {
/// Out of line, so that the address it returns to is the line that uses the data.
[[gnu::cold, gnu::noinline]] void announce_use(seam::use_kind what, void const* object) noexcept;

#define QUARTET_USE(what)            \
  if constexpr (Watched)             \
    if (seam::hooked()) [[unlikely]] \
  announce_use(seam::use_kind::what, this)
#define QUARTET_IN_PLACE [[gnu::always_inline]]

/// The type behind `shared`, in both its forms.
/// Threads: as `T`. Stop: not concerned. Errors: as `T`. Lifetime: as `T`.
template <class T, bool Watched> class shared_data {
 public:
  QUARTET_IN_PLACE shared_data() : value_{} { QUARTET_USE(begin); }
  QUARTET_IN_PLACE shared_data(T x) : value_(std::move(x)) { QUARTET_USE(begin); }
  template <class... A>
  requires(sizeof...(A) > 1 && std::constructible_from<T, A...>) QUARTET_IN_PLACE
      explicit shared_data(A&&... a)
      : value_(std::forward<A>(a)...) {
    QUARTET_USE(begin);
  }
  shared_data(shared_data const&) = default;
  shared_data(shared_data&&) = default;
  QUARTET_IN_PLACE shared_data(shared_data const& other) requires(Watched) : value_(other.read()) {
    QUARTET_USE(begin);
  }
  QUARTET_IN_PLACE shared_data(shared_data&& other) requires(Watched)
      : value_(std::move(other.write())) {
    QUARTET_USE(begin);
  }
  shared_data& operator=(shared_data const&) = default;
  shared_data& operator=(shared_data&&) = default;
  QUARTET_IN_PLACE shared_data& operator=(shared_data const& other) requires(Watched) {
    return *this = other.read();
  }
  QUARTET_IN_PLACE shared_data& operator=(shared_data&& other) requires(Watched) {
    return *this = std::move(other.write());
  }
  ~shared_data() = default;
  QUARTET_IN_PLACE ~shared_data() requires(Watched) { QUARTET_USE(end); }

  QUARTET_IN_PLACE shared_data& operator=(T const& x) {
    QUARTET_USE(write);
    value_ = x;
    return *this;
  }
  QUARTET_IN_PLACE shared_data& operator=(T&& x) {
    QUARTET_USE(write);
    value_ = std::move(x);
    return *this;
  }

  /// The value to look at: one use, at this line.
  QUARTET_IN_PLACE T const& read() const noexcept {
    QUARTET_USE(read);
    return value_;
  }
  /// The value to change: one use, at this line.
  QUARTET_IN_PLACE T& write() noexcept {
    QUARTET_USE(write);
    return value_;
  }
  QUARTET_IN_PLACE operator T const&() const noexcept { return read(); }
  QUARTET_IN_PLACE T const* operator->() const noexcept { return &read(); }

  template <class U> QUARTET_IN_PLACE shared_data& operator+=(U const& x) {
    return write() += x, *this;
  }
  template <class U> QUARTET_IN_PLACE shared_data& operator-=(U const& x) {
    return write() -= x, *this;
  }
  template <class U> QUARTET_IN_PLACE shared_data& operator*=(U const& x) {
    return write() *= x, *this;
  }
  template <class U> QUARTET_IN_PLACE shared_data& operator|=(U const& x) {
    return write() |= x, *this;
  }
  template <class U> QUARTET_IN_PLACE shared_data& operator&=(U const& x) {
    return write() &= x, *this;
  }
  QUARTET_IN_PLACE shared_data& operator++() { return ++write(), *this; }
  QUARTET_IN_PLACE shared_data& operator--() { return --write(), *this; }
  QUARTET_IN_PLACE T operator++(int) { return write()++; }
  QUARTET_IN_PLACE T operator--(int) { return write()--; }

 private:
  T value_;
};

#undef QUARTET_USE
#undef QUARTET_IN_PLACE

/// What quartet's own structures watch of themselves: nothing, unless the whole of quartet is
/// compiled for it (the preset `check`).
template <class T> using watched = shared_data<T, QUARTET_CHECK_OWN != 0>;
}  // namespace detail

#if QUARTET_CHECK
inline namespace checked {
#else
inline namespace unchecked {
#endif

/// A `T` that the writer of a program believes to be protected: by a mutex, by the order of atomic
/// operations, by belonging to one thread at a time. In a simulated run each use is compared with
/// those of other threads, and two that nothing orders are a data race, whatever values they saw.
///   shared<int> balance{100};  balance -= 30;  if (balance > 0) …
///   shared<std::vector<int>> items;  items.write().push_back(1);  items.read().size()
/// Example: exec/sim/uses.test.cpp, a_lost_update_is_a_race_in_every_run.
/// Shape: the size and layout of `T`. Compiled without QUARTET_CHECK=1 it is only a `T`; the two
/// forms have different names for the linker, so that they cannot be mixed by accident.
/// Threads: as `T`. Stop: not concerned. Errors: as `T`. Lifetime: as `T`; making and destroying
/// it are writes.
/// Cost: without QUARTET_CHECK none; with it a predicted branch for each use.
template <class T> using shared = detail::shared_data<T, QUARTET_CHECK != 0>;

}  // namespace

}  // namespace quartet
