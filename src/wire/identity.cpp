// SPDX-License-Identifier: Apache-2.0
// Finds functions by module and offset, from what the dynamic linker knows.
#include <algorithm>
#include <cstring>
#include <elf.h>
#include <link.h>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <quartet/wire/identity.hpp>

namespace quartet::wire {
namespace {

using build_id = std::array<std::byte, 20>;

std::string main_program() {
  char self[4096];
  auto const size = readlink("/proc/self/exe", self, sizeof(self));
  std::string_view name =
      size > 0 ? std::string_view(self, static_cast<std::size_t>(size)) : "the main program";
  constexpr std::string_view replaced = " (deleted)";
  if (name.ends_with(replaced)) name.remove_suffix(replaced.size());
  return std::string(name.substr(name.rfind('/') + 1));
}

std::string file_name(char const* path) {
  std::string_view const name(path);
  if (name.empty()) {  // the linker gives the main program no name
    // Asked once: a token is made for each function pointer that is sent.
    static std::string const self = main_program();
    return self;
  }
  return std::string(name.substr(name.rfind('/') + 1));
}

bool is_code(ElfW(Phdr) const& segment) {
  return segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0;
}

bool has_code_at(dl_phdr_info const& module, std::uint64_t offset) {
  return std::any_of(module.dlpi_phdr, module.dlpi_phdr + module.dlpi_phnum, [&](auto const& s) {
    return is_code(s) && offset >= s.p_vaddr && offset - s.p_vaddr < s.p_memsz;
  });
}

/// True and `id` filled if this note segment holds a build-id.
bool read_notes(std::byte const* at, std::size_t size, build_id& id) {
  auto const padded = [](std::size_t n) { return (n + 3) / 4 * 4; };
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, at, sizeof(note));
    std::size_t const name = padded(note.n_namesz);
    std::size_t const whole = sizeof(note) + name + padded(note.n_descsz);
    if (whole > size) return false;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
        std::memcmp(at + sizeof(note), "GNU", 4) == 0) {
      std::memcpy(id.data(), at + sizeof(note) + name,
                  std::min<std::size_t>(id.size(), note.n_descsz));
      return true;
    }
    at += whole;
    size -= whole;
  }
  return false;
}

std::byte const* in_memory(dl_phdr_info const& module, ElfW(Addr) address) {
  return reinterpret_cast<std::byte const*>(module.dlpi_addr + address);
}

/// FNV-1a over the code, eight bytes at a time. Code is never written to, so it is the same in
/// every process that loaded the file.
build_id hash_code(dl_phdr_info const& module) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  std::uint64_t length = 0;
  for (int i = 0; i < module.dlpi_phnum; ++i) {
    auto const& segment = module.dlpi_phdr[i];
    if (!is_code(segment) || (segment.p_flags & PF_R) == 0) continue;
    std::byte const* const code = in_memory(module, segment.p_vaddr);
    for (std::size_t at = 0; at + 8 <= segment.p_filesz; at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, code + at, 8);
      hash = (hash ^ word) * 0x100000001b3U;
    }
    length += segment.p_filesz;
  }
  build_id id{};
  std::memcpy(id.data(), "hash", 4);
  std::memcpy(id.data() + 4, &hash, 8);
  std::memcpy(id.data() + 12, &length, 8);
  return id;
}

/// Hashes each module once. Only called from inside dl_iterate_phdr, which holds the linker's lock
/// while it calls back, so that lock guards `known` too.
build_id remembered_hash(dl_phdr_info const& module) {
  struct entry {
    ElfW(Phdr) const* headers;
    build_id id;
  };
  static std::vector<entry> known;
  static unsigned long long unloaded = 0;
  if (unloaded != module.dlpi_subs) known.clear();  // an address may have got another module
  unloaded = module.dlpi_subs;
  for (auto const& each : known) {
    if (each.headers == module.dlpi_phdr) return each.id;
  }
  known.push_back({module.dlpi_phdr, hash_code(module)});
  return known.back().id;
}

build_id build_of(dl_phdr_info const& module) {
  build_id id{};
  for (int i = 0; i < module.dlpi_phnum; ++i) {
    auto const& segment = module.dlpi_phdr[i];
    if (segment.p_type == PT_NOTE &&
        read_notes(in_memory(module, segment.p_vaddr), segment.p_memsz, id))
      return id;
  }
  return remembered_hash(module);
}

/// Calls `visit` for each loaded module until it returns true.
template <class Visit> void each_module(Visit visit) {
  dl_iterate_phdr([](dl_phdr_info* module, std::size_t,
                     void* data) { return (*static_cast<Visit*>(data))(*module) ? 1 : 0; },
                  &visit);
}

std::string hex(build_id const& id) {
  std::string text;
  for (std::size_t i = 0; i < 4; ++i) {
    constexpr char digits[] = "0123456789abcdef";
    text += digits[std::to_integer<unsigned>(id[i]) >> 4U];
    text += digits[std::to_integer<unsigned>(id[i]) & 15U];
  }
  return text;
}

[[noreturn]] void not_here(function_token const& token) {
  std::string other;
  each_module([&](dl_phdr_info const& module) {
    if (file_name(module.dlpi_name) != token.module) return false;
    other = hex(build_of(module));
    return true;
  });
  if (other.empty())
    throw identity_error("the function lives in " + token.module +
                         ", which this process has not loaded: load it before the pool starts");
  throw identity_error("different build of " + token.module + ": " + other + " here, " +
                       hex(token.build) + " at the caller; run the same build on both sides");
}

}  // namespace

function_token token_of(void const* address) {
  function_token token;
  bool found = false;
  each_module([&](dl_phdr_info const& module) {
    std::uint64_t const offset = reinterpret_cast<ElfW(Addr)>(address) - module.dlpi_addr;
    if (!has_code_at(module, offset)) return false;
    token = {build_of(module), offset, file_name(module.dlpi_name)};
    return found = true;
  });
  if (!found)
    throw identity_error(
        "the function lies in no loaded module (generated code, a trampoline of a nested "
        "function): it cannot be named in another process; use an ordinary function");
  return token;
}

void const* address_of(function_token const& token) {
  void const* address = nullptr;
  bool outside = false;
  each_module([&](dl_phdr_info const& module) {
    if (build_of(module) != token.build) return false;
    if (has_code_at(module, token.offset))
      address = in_memory(module, token.offset);
    else
      outside = true;
    return true;
  });
  if (outside)
    throw identity_error("damaged call: its function lies outside the code of " + token.module);
  if (address == nullptr) not_here(token);
  return address;
}

void encode_token(writer& out, function_token const& token) {
  out.raw(token.build);
  out.raw(token.offset);
  out.length(token.module.size());
  out.bytes(token.module.data(), token.module.size());
}

function_token decode_token(reader& in) {
  function_token token;
  token.build = in.raw<build_id>();
  token.offset = in.raw<std::uint64_t>();
  std::size_t const size = in.length(1);
  token.module.assign(reinterpret_cast<char const*>(in.bytes(size)), size);
  return token;
}

}  // namespace quartet::wire
