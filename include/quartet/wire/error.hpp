// SPDX-License-Identifier: Apache-2.0
// Errors that cross processes: with their own type where it is known at both ends, else by name.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>

#include <quartet/wire/decode.hpp>
#include <quartet/wire/encode.hpp>

namespace quartet {

/// What arrives for an error whose type is neither a standard nor a registered one.
/// Threads: a value, like any exception. Stop: does not apply. Errors: none.
/// Lifetime: owns its texts.
class remote_error : public std::runtime_error {
 public:
  remote_error(std::string type, std::string message, std::string stack,
               std::exception_ptr nested = nullptr);

  /// The type that was thrown, as the compiler over there spells it.
  std::string const& type_name() const noexcept { return type_; }
  /// Its what(), or empty if it had none.
  std::string const& message() const noexcept { return message_; }
  /// Where it was thrown, if the other side knew; else empty.
  std::string const& stack() const noexcept { return stack_; }
  /// The error that led to it, or null.
  std::exception_ptr nested() const noexcept { return nested_; }

 private:
  std::string type_;
  std::string message_;
  std::string stack_;
  std::exception_ptr nested_;
};

namespace wire {
namespace detail {

/// How errors of one type travel.
struct error_kind {
  std::string name;
  /// Called while the error is the current exception; writes what make() reads.
  void (*put)(writer& out);
  std::exception_ptr (*make)(reader& in, std::string const& what, std::exception_ptr const& nested);
};
void register_kind(error_kind kind);
std::string demangled(std::type_info const& type);

template <class T>
std::exception_ptr with_nested(T error, std::exception_ptr const& nested) noexcept {
  try {
    if (!nested) throw std::move(error);
    try {
      std::rethrow_exception(nested);
    } catch (...) {
      std::throw_with_nested(std::move(error));
    }
  } catch (...) {
    return std::current_exception();
  }
}

}  // namespace detail

/// Writes type, message, stack and the chain of nested errors.
/// Errors: std::bad_alloc. An error that cannot be written as its own type is written by name.
void encode_exception(writer& out, std::exception_ptr const& error, std::string_view stack = {});

/// The error that was written. Never null and never throws anything but std::bad_alloc: what
/// cannot be read arrives as a remote_error that says so.
std::exception_ptr decode_exception(reader& in);

}  // namespace wire

/// Makes errors of type T arrive as T. T is sendable, or has a constructor that takes the message
/// as a std::string. Call it while static objects are constructed, so that worker processes have
/// it too: `static bool const known = quartet::register_error<disk_full>();`
/// Threads: not while another thread sends or receives errors. Blocks: never.
/// Errors: std::bad_alloc.
template <class T> bool register_error() {
  static_assert(sendable<T> || std::is_constructible_v<T, std::string const&>,
                "quartet: a registered error is sendable (an aggregate, codec<T>, quartet_fields) "
                "or has a constructor that takes its message as a std::string");
  wire::detail::error_kind kind{wire::detail::demangled(typeid(T)), nullptr, nullptr};
  if constexpr (sendable<T>) {
    kind.put = [](wire::writer& out) {
      try {
        throw;
      } catch (T const& error) {
        wire::encode(out, error);
      }
    };
    kind.make = [](wire::reader& in, std::string const&, std::exception_ptr const& nested) {
      return wire::detail::with_nested(wire::decode<T>(in), nested);
    };
  } else {
    kind.put = [](wire::writer&) {};
    kind.make = [](wire::reader&, std::string const& what, std::exception_ptr const& nested) {
      return wire::detail::with_nested(T(what), nested);
    };
  }
  wire::detail::register_kind(std::move(kind));
  return true;
}

}  // namespace quartet
