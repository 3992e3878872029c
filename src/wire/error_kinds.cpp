// SPDX-License-Identifier: Apache-2.0
// How the standard exceptions are taken apart and put together again.
#include "error_kinds.hpp"

#include <any>
#include <filesystem>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <system_error>
#include <typeinfo>
#include <variant>

#include <quartet/wire/identity.hpp>

namespace quartet::wire::detail {
namespace {

void put_nothing(writer&) {}

/// Everything such an error knows is its message.
template <class T> error_kind from_message() {
  return {demangled(typeid(T)), put_nothing,
          [](reader&, std::string const& what, std::exception_ptr const& nested) {
            return with_nested(T(what), nested);
          }};
}

/// The message is fixed.
template <class T> error_kind from_nothing() {
  return {demangled(typeid(T)), put_nothing,
          [](reader&, std::string const&, std::exception_ptr const& nested) {
            return with_nested(T(), nested);
          }};
}

void put_code(writer& out, std::error_code const& code) {
  encode(out, std::string(code.category().name()));
  encode(out, code.value());
  encode(out, code.message());
}

std::error_code get_code(reader& in) {
  auto const category = decode<std::string>(in);
  int const value = decode<int>(in);
  if (category == std::system_category().name()) return {value, std::system_category()};
  if (category == std::generic_category().name()) return {value, std::generic_category()};
  in.fail("an error category that is not known here: " + category);
}

/// what() of a system_error ends with the text of its code, which its constructor adds again.
std::string without_code(std::string what, std::string const& code) {
  if (what == code) return {};
  auto const at = what.rfind(": " + code);
  if (at != what.npos) what.erase(at);
  return what;
}

error_kind system_error_kind() {
  return {demangled(typeid(std::system_error)),
          [](writer& out) {
            try {
              throw;
            } catch (std::system_error const& e) {
              put_code(out, e.code());
            }
          },
          [](reader& in, std::string const& what, std::exception_ptr const& nested) {
            auto const code = get_code(in);
            auto const text = without_code(what, decode<std::string>(in));
            return with_nested(
                text.empty() ? std::system_error(code) : std::system_error(code, text), nested);
          }};
}

error_kind filesystem_error_kind() {
  namespace fs = std::filesystem;
  return {demangled(typeid(fs::filesystem_error)),
          [](writer& out) {
            try {
              throw;
            } catch (fs::filesystem_error const& e) {
              put_code(out, e.code());
              encode(out, e.path1());
              encode(out, e.path2());
            }
          },
          [](reader& in, std::string const& what, std::exception_ptr const& nested) {
            auto const code = get_code(in);
            auto text = without_code(what, decode<std::string>(in));
            std::string_view const head = "filesystem error: ";
            if (text.starts_with(head)) text.erase(0, head.size());
            auto const first = decode<fs::path>(in);
            auto const second = decode<fs::path>(in);
            if (!second.empty())
              return with_nested(fs::filesystem_error(text, first, second, code), nested);
            if (!first.empty()) return with_nested(fs::filesystem_error(text, first, code), nested);
            return with_nested(fs::filesystem_error(text, code), nested);
          }};
}

error_kind decode_error_kind() {
  return {demangled(typeid(decode_error)),
          [](writer& out) {
            try {
              throw;
            } catch (decode_error const& e) {
              encode(out, e.offset());
            }
          },
          [](reader& in, std::string const& what, std::exception_ptr const& nested) {
            return with_nested(decode_error(what, decode<std::size_t>(in)), nested);
          }};
}

}  // namespace

std::span<error_kind const> standard_kinds() {
  static error_kind const kinds[] = {
      from_message<std::runtime_error>(),
      from_message<std::invalid_argument>(),
      from_message<std::out_of_range>(),
      from_message<std::logic_error>(),
      from_message<std::domain_error>(),
      from_message<std::length_error>(),
      from_message<std::range_error>(),
      from_message<std::overflow_error>(),
      from_message<std::underflow_error>(),
      from_nothing<std::bad_alloc>(),
      from_nothing<std::bad_array_new_length>(),
      from_nothing<std::bad_cast>(),
      from_nothing<std::bad_any_cast>(),
      from_nothing<std::bad_typeid>(),
      from_nothing<std::bad_exception>(),
      from_nothing<std::bad_function_call>(),
      from_nothing<std::bad_optional_access>(),
      from_nothing<std::bad_variant_access>(),
      from_nothing<std::bad_weak_ptr>(),
      from_nothing<std::exception>(),
      from_message<encode_error>(),
      from_message<identity_error>(),
      decode_error_kind(),
      system_error_kind(),
      filesystem_error_kind(),
  };
  return kinds;
}

}  // namespace quartet::wire::detail
