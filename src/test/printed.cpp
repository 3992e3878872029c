// SPDX-License-Identifier: Apache-2.0
// The short names of types.
#include <cstdlib>
#include <cxxabi.h>
#include <memory>

#include <quartet/test/detail/printed.hpp>

namespace quartet::detail {

std::string name_of_type(std::type_info const& type) {
  int status = 0;
  std::unique_ptr<char, void (*)(void*)> const name(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  std::string const all = status == 0 ? name.get() : type.name();
  std::string text;
  int depth = 0;  // inside of template arguments
  for (char const c : all) {
    if (c == '<') ++depth;
    if (depth == 0) text += c;
    if (c == '>') --depth;
  }
  std::size_t const last = text.rfind("::");
  return last == text.npos ? text : text.substr(last + 2);
}

}  // namespace quartet::detail
