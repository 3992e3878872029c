// SPDX-License-Identifier: Apache-2.0
// Line numbers by addr2line, which every compiler's package brings.
#include "code_place.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <dlfcn.h>
#include <sstream>
#include <unistd.h>
#include <vector>

namespace quartet::detail {

namespace {

bool is_ours(std::string const& place) {
  return place.find("/quartet/seam/shared.hpp") != place.npos;
}

// What a program prints, line by line.
std::vector<std::string> lines_of(std::string const& command) {
  std::vector<std::string> lines;
  std::FILE* const from = popen(command.c_str(), "r");
  if (from == nullptr) return lines;
  std::array<char, 2048> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), from) != nullptr) {
    lines.emplace_back(buffer.data());
    while (!lines.back().empty() && lines.back().back() == '\n') lines.back().pop_back();
  }
  pclose(from);
  return lines;
}

std::string quoted(std::string const& text) {
  std::string out = "'";
  for (char const c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string hex(std::uintptr_t x) {
  std::ostringstream out;
  out << "0x" << std::hex << x;
  return out.str();
}

}  // namespace

std::string short_path(std::string const& path) {
  std::array<char, 4096> here{};
  if (getcwd(here.data(), here.size()) == nullptr) return path;
  std::string const folder = std::string(here.data()) + "/";
  return path.starts_with(folder) ? path.substr(folder.size()) : path;
}

std::string place_of_code(void const* code) {
  auto const address = reinterpret_cast<std::uintptr_t>(code) - 1;  // in the call, not after it
  Dl_info in{};
  if (dladdr(reinterpret_cast<void const*>(address), &in) == 0 || in.dli_fname == nullptr)
    return hex(address);
  std::uintptr_t const offset = address - reinterpret_cast<std::uintptr_t>(in.dli_fbase);
  std::array<char, 4096> self{};
  ssize_t const length = readlink("/proc/self/exe", self.data(), self.size() - 1);
  bool const is_program = std::string(in.dli_fname).find(".so") == std::string::npos;
  std::string const file = is_program && length > 0 ? std::string(self.data()) : in.dli_fname;
  // With -i the innermost function comes first, then those that it was inlined into.
  for (std::uintptr_t const at : {offset, address}) {  // relocated, or linked to a fixed place
    auto const lines =
        lines_of("addr2line -ifC -e " + quoted(file) + " " + hex(at) + " 2>/dev/null");
    for (std::size_t i = 0; i + 1 < lines.size(); i += 2) {
      std::string place = lines[i + 1].substr(0, lines[i + 1].find(" (discriminator"));
      if (place.starts_with("??") || place.ends_with(":?") || is_ours(place)) continue;
      return short_path(place) + " (" + lines[i].substr(0, lines[i].find('(')) + ")";
    }
  }
  if (in.dli_sname != nullptr)
    return std::string(in.dli_sname) + " + " +
           hex(address - reinterpret_cast<std::uintptr_t>(in.dli_saddr));
  return file + " + " + hex(offset);
}

}  // namespace quartet::detail
