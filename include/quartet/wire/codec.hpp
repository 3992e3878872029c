// SPDX-License-Identifier: Apache-2.0
// What a type can say about how it is sent: codec, quartet_fields, local, bitwise.
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace quartet {

/// Specialise it for a type whose members quartet must not or cannot see:
/// ```
/// template <> struct quartet::codec<colour> {
///   static void encode(colour const& x, quartet::wire::writer& out) { out.raw(x.rgb()); }
///   static colour decode(quartet::wire::reader& in) { return colour{in.raw<std::uint32_t>()}; }
/// };
/// ```
/// It comes before everything else that is known about the type.
/// Threads: its functions run on any thread, also at the same time for different values.
/// Stop: does not apply.
/// Errors: `encode` may throw anything and fails that call only; `decode` reports damaged bytes
/// with `in.fail(why)`.
/// Lifetime: `decode` must not keep pointers into the message.
template <class T> struct codec;

/// A member that stays here: it is not sent, and default constructed on arrival.
/// A member function `quartet_received()` of the class around it, called after arrival, can fill
/// it. A T that cannot be copied or moved (a mutex) starts anew whenever the class around it is
/// copied or moved, so that such a class can still be handed to a call. Threads: those of T. Stop:
/// does not apply. Errors: those of T's constructor. Lifetime: owns its value.
template <class T> struct local {
  using local_type = T;

  local() = default;
  local(T from)  // NOLINT(google-explicit-constructor): it replaces a plain member
      requires std::is_move_constructible_v<T> : value(std::move(from)) {}
  local(local const& from) requires std::is_copy_constructible_v<T> : value(from.value) {}
  local(local const&) requires(!std::is_copy_constructible_v<T>) {}
  local(local&& from) noexcept requires std::is_move_constructible_v<T>
      : value(std::move(from.value)) {}
  local(local&&) noexcept requires(!std::is_move_constructible_v<T>) {}
  local& operator=(local const& from) {
    if constexpr (std::is_copy_assignable_v<T>) value = from.value;
    return *this;
  }
  local& operator=(local&& from) noexcept {
    if constexpr (std::is_move_assignable_v<T>) value = std::move(from.value);
    return *this;
  }

  T& operator*() noexcept { return value; }
  T const& operator*() const noexcept { return value; }
  T* operator->() noexcept { return &value; }
  T const* operator->() const noexcept { return &value; }

  T value{};
};

/// Set it to true for a trivially copyable class whose bytes alone are its value: no pointer, no
/// bool, nothing that means something only here. Arithmetic types, enumerations and aggregates of
/// these without padding are known to be so.
template <class T> inline constexpr bool bitwise = false;

/// Set it to true for a class with `quartet_fields` whose layout the check for forgotten members
/// cannot understand (members with an alignment of their own, virtual bases).
template <class T> inline constexpr bool fields_complete = false;

/// Marks a member in `quartet_fields` that is known and not sent.
/// Threads: a value. Stop: does not apply. Errors: none. Lifetime: not longer than the member.
template <class T> struct left_out { T& member; };
template <class T> constexpr left_out<T> leave_out(T& member) noexcept { return {member}; }

/// For `quartet_fields`: like std::tie, and takes `leave_out(member)` as well.
/// ```
/// constexpr auto quartet_fields() { return quartet::fields(name_, size_, leave_out(file_)); }
/// ```
template <class... M> constexpr std::tuple<M...> fields(M&&... member) noexcept {
  return {std::forward<M>(member)...};
}

}  // namespace quartet
