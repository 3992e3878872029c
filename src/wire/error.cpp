// SPDX-License-Identifier: Apache-2.0
// Writing and reading errors. A link of the chain is: type, message, stack, the bytes that its own
// type wants; a flag says whether another link follows.
#include <cstdlib>
#include <cxxabi.h>
#include <memory>
#include <utility>
#include <vector>

#include <quartet/base/new_error.hpp>
#include <quartet/wire/error.hpp>

#include "error_kinds.hpp"

namespace quartet {

remote_error::remote_error(std::string type, std::string message, std::string stack,
                           std::exception_ptr nested)
    : std::runtime_error(message.empty() ? type : type + ": " + message),
      type_(std::move(type)),
      message_(std::move(message)),
      stack_(std::move(stack)),
      nested_(std::move(nested)) {}

namespace wire {
namespace detail {
namespace {

// Chains are cut here: beyond it is a loop or nonsense.
constexpr std::size_t links_max = 16;

std::vector<error_kind>& registered() {
  static std::vector<error_kind> kinds;
  return kinds;
}

error_kind const* find(std::string const& name) {
  for (auto const& each : registered()) {
    if (each.name == name) return &each;
  }
  for (auto const& each : standard_kinds()) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

struct error_link {
  std::string type;
  std::string message;
  std::string stack;
  buffer own;  // written by error_kind::put
  std::exception_ptr nested;
};

/// The name of what is being handled, without the wrapper of std::throw_with_nested.
std::string current_type_name() {
  std::type_info const* const type = abi::__cxa_current_exception_type();
  if (type == nullptr) return "an exception of another language";
  std::string name = demangled(*type);
  std::string_view const wrapper = "std::_Nested_exception<";
  if (name.starts_with(wrapper) && name.ends_with('>')) {
    name.erase(0, wrapper.size());
    name.pop_back();
    while (name.ends_with(' ')) name.pop_back();
  }
  return name;
}

/// Writes the own bytes of what is being handled. An error that cannot be written travels by name.
void put_own(error_link& to) {
  try {
    auto const* const kind = find(to.type);
    if (kind == nullptr) return;
    writer out(to.own);
    kind->put(out);
  } catch (...) {
    to.own.clear();
    to.type += " (which could not be written)";
  }
}

error_link look_at(std::exception_ptr const& error) {
  error_link found;
  try {
    std::rethrow_exception(error);
  } catch (remote_error const& e) {
    found.type = e.type_name();
    found.message = e.message();
    found.stack = e.stack();
    found.nested = e.nested();
  } catch (std::exception const& e) {
    found.type = current_type_name();
    found.message = e.what();
    auto const* const inner = dynamic_cast<std::nested_exception const*>(std::addressof(e));
    if (inner != nullptr) found.nested = inner->nested_ptr();
    put_own(found);
  } catch (std::string const& text) {
    found.type = "std::string";
    found.message = text;
  } catch (char const* text) {
    found.type = "char const*";
    found.message = text == nullptr ? "" : text;
  } catch (...) {
    found.type = current_type_name();
    put_own(found);
  }
  return found;
}

std::exception_ptr make(error_link const& from) {
  if (auto const* const kind = find(from.type)) {
    try {
      reader own(from.own.bytes());
      auto error = kind->make(own, from.message, from.nested);
      own.finish();
      if (error) return error;
    } catch (...) {  // damaged, or its constructor throws: it still arrives, by name
    }
  }
  return new_error<remote_error>(from.type, from.message, from.stack, from.nested);
}

std::exception_ptr damaged(char const* why) {
  return new_error<remote_error>("an error that came back damaged", why, std::string());
}

}  // namespace

void register_kind(error_kind kind) { registered().push_back(std::move(kind)); }

std::string demangled(std::type_info const& type) {
  int status = 0;
  std::unique_ptr<char, decltype(&std::free)> const name(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  return status == 0 ? name.get() : type.name();
}

}  // namespace detail

void encode_exception(writer& out, std::exception_ptr const& error, std::string_view stack) {
  auto next = error;
  for (std::size_t count = 0; next && count < detail::links_max; ++count) {
    auto each = detail::look_at(next);
    if (count == 0 && each.stack.empty()) each.stack = stack;
    encode(out, true);
    encode(out, each.type);
    encode(out, each.message);
    encode(out, each.stack);
    out.length(each.own.size());
    out.bytes(each.own.data(), each.own.size());
    next = each.nested;
  }
  encode(out, false);
}

std::exception_ptr decode_exception(reader& in) {
  std::vector<detail::error_link> chain;
  try {
    while (chain.size() <= detail::links_max && decode<bool>(in)) {
      auto& each = chain.emplace_back();
      each.type = decode<std::string>(in);
      each.message = decode<std::string>(in);
      each.stack = decode<std::string>(in);
      std::size_t const size = in.length(1);
      each.own.append({in.bytes(size), size});
    }
  } catch (decode_error const& e) {
    return detail::damaged(e.what());
  }
  if (chain.empty()) return detail::damaged("it is empty");
  std::exception_ptr error;
  for (; !chain.empty(); chain.pop_back()) {
    chain.back().nested = error;
    error = detail::make(chain.back());
  }
  return error;
}

}  // namespace wire
}  // namespace quartet
