// SPDX-License-Identifier: Apache-2.0
// Line numbers by addr2line.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <sstream>
#include <unistd.h>
#include <utility>

#include <quartet/base/place.hpp>
#include <quartet/os/code_place.hpp>

#include "loaded_object.hpp"

namespace quartet::os {

namespace {

// What a program prints, line by line.
std::vector<std::string> lines_of(std::string const& command) {
  std::vector<std::string> lines;
  std::FILE* const from = popen(command.c_str(), "r");
  if (from == nullptr) return lines;
  std::array<char, 4096> buffer{};
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

/// Where an address lies in which file, as addr2line wants it.
struct location {
  std::string file;
  std::uintptr_t offset;
};

location locate(void const* code) {
  auto const address = reinterpret_cast<std::uintptr_t>(code) - 1;  // in the call, not after it
  location l{"", address};
  bool const is_code = with_object_at(address, [&](dl_phdr_info const& object, auto) {
    l = {object.dlpi_name, address - object.dlpi_addr};
  });
  if (!is_code || !l.file.empty()) return l;
  std::array<char, 4096> self{};
  ssize_t const length = readlink("/proc/self/exe", self.data(), self.size() - 1);
  if (length > 0) l.file = self.data();
  return l;
}

std::string without_template_arguments(std::string const& name) {
  std::string text;
  int nested = 0;
  for (char const c : name) {
    nested += c == '<' ? 1 : 0;
    if (nested == 0) text += c;
    nested -= c == '>' ? 1 : 0;
  }
  return text;
}

// `void quartet::f<int>(int)` becomes `f`, and a lambda's call the function that it stands in.
std::string short_name(std::string name) {
  for (std::string const drop : {"(anonymous namespace)::", "quartet::", "detail::", "unchecked::",
                                 "checked::", "escapes::"})
    for (std::size_t at = name.find(drop); at != name.npos; at = name.find(drop))
      name.erase(at, drop.size());
  if (name.find("operator<") == name.npos && name.find("operator>") == name.npos)
    name = without_template_arguments(name);
  name = name.substr(0, std::min(name.find("::{lambda"), name.find("::$_")));
  if (!name.starts_with("operator()")) name = name.substr(0, name.find('('));
  return name.substr(name.find_last_of(' ') + 1);
}

// `void quartet::f<int>(int)` is; so is what has no name.
bool is_in_our_namespaces(std::string const& function) {
  std::string const head = function.substr(0, function.find_first_of("(<"));
  std::string const name = head.substr(head.find_last_of(' ') + 1);
  return name.starts_with("quartet::") || name.starts_with("std::") || name.starts_with("??");
}

code_frame frame_of(std::string const& function, std::string place) {
  place = place.substr(0, place.find(" (discriminator"));
  if (place.starts_with("??") || place.ends_with(":?") || place.ends_with(":0")) place.clear();
  bool const own = place.empty() ? is_in_our_namespaces(function) : is_ours(place);
  return {short_name(function), short_path(place), own};
}

}  // namespace

std::string offset_of(void const* code) {
  location const l = locate(code);
  return l.file + " + " + hex(l.offset);
}

std::string short_path(std::string const& path) {
  std::array<char, 4096> here{};
  if (getcwd(here.data(), here.size()) == nullptr) return path;
  std::string const folder = std::string(here.data()) + "/";
  return path.starts_with(folder) ? path.substr(folder.size()) : path;
}

bool is_ours(std::string const& path) {
  // Never destroyed: the watchdog of a pool may still ask when the program ends.
  static std::string const& sources = *new std::string([] {
    std::string const self = place::here().file;
    return self.substr(0, self.rfind("src/os/")) + "src/";
  }());
  return path.starts_with(sources) || path.find("/include/quartet/") != path.npos ||
         path.starts_with("include/quartet/") || path.starts_with("src/") ||
         path.find("/include/c++/") != path.npos || path.find("/bits/") != path.npos;
}

void code_places::want(void const* code) {
  if (code != nullptr && known_.try_emplace(code).second) wanted_.push_back(code);
}

std::vector<code_frame> const& code_places::at(void const* code) {
  want(code);
  if (!wanted_.empty()) look_up();
  return known_[code];
}

void code_places::look_up() {
  std::map<std::string, std::map<std::uintptr_t, void const*>> files;
  for (void const* const code : wanted_) {
    location const l = locate(code);
    files[l.file][l.offset] = code;
  }
  wanted_.clear();
  for (auto const& [file, codes] : files) {
    constexpr std::size_t at_once = 500;  // so that the command stays short enough
    for (auto from = codes.begin(); from != codes.end();) {
      std::string command = "addr2line -aifC -e " + quoted(file);
      for (std::size_t n = 0; n != at_once && from != codes.end(); ++n, ++from)
        command += " " + hex(from->first);
      take_in(lines_of(command + " 2>/dev/null"), codes);
    }
  }
}

// For each address a line with it, then two for each function.
void code_places::take_in(std::vector<std::string> const& lines,
                          std::map<std::uintptr_t, void const*> const& codes) {
  std::vector<code_frame>* into = nullptr;
  std::string function;
  for (std::string const& line : lines) {
    if (line.starts_with("0x")) {
      auto const found = codes.find(std::stoull(line, nullptr, 16));
      into = found == codes.end() ? nullptr : &known_[found->second];
      function.clear();
    } else if (function.empty()) {
      function = line;
    } else if (into != nullptr) {
      into->push_back(frame_of(std::exchange(function, ""), line));
    }
  }
}

}  // namespace quartet::os
