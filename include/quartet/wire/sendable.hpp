// SPDX-License-Identifier: Apache-2.0
// The question whether a value can leave the process, and the answer in words if it cannot.
#pragma once

#include <type_traits>

#include <quartet/wire/detail/report.hpp>

namespace quartet {
namespace wire::detail {

/// Stands for a value alone where a call is expected.
template <class T> struct just;
template <class T> struct answer<just<T>, void> {
  using type = decltype(explain<QUARTET_TEXT(wire::type_name<T>()), T>());
};

}  // namespace wire::detail

/// Values of T can be sent to another process and arrive whole: T has a codec<T>, or
/// quartet_fields, or is built in (arithmetic types, enumerations, strings, containers, optional,
/// variant, tuple, array, chrono, path, bitset, complex, unique_ptr), or is an aggregate of these.
/// Not: pointers, references, views, locks, open files, whatever hides what it holds.
/// To be told why something cannot be sent, write `quartet::explain_sendable<T>()`.
template <class T>
concept sendable = wire::detail::sends<std::remove_cv_t<T>>();

/// Compiles if T is sendable; else the error names the member, its type, why, and the remedy.
/// ```
/// static_assert(quartet::explain_sendable<job>());
/// ```
template <class T> consteval bool explain_sendable() {
  wire::detail::checking_border::check<wire::detail::just<std::remove_cv_t<T>>, void>();
  return true;
}

}  // namespace quartet
