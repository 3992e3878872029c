// SPDX-License-Identifier: Apache-2.0
// Walks the relocations of every loaded object and overwrites the entries in question.
//
// Refused: defining functions by these names. A static library with such a member is searched for
// them, so every program that links it would call ours, used or not.
#include "imports.hpp"

#include "stand_in.hpp"

#if QUARTET_ESCAPES
#include <cstddef>
#include <cstdint>
#include <dlfcn.h>
#include <link.h>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>
#include <unordered_map>

namespace quartet::detail {

namespace {

using by_name = std::unordered_map<std::string_view, void*>;

#if defined(__x86_64__)
constexpr std::uint32_t of_call = R_X86_64_JUMP_SLOT;
constexpr std::uint32_t of_address = R_X86_64_GLOB_DAT;
#else
constexpr std::uint32_t of_call = R_AARCH64_JUMP_SLOT;
constexpr std::uint32_t of_address = R_AARCH64_GLOB_DAT;
#endif

void overwrite(ElfW(Addr) slot, void* by) noexcept {
  auto const page = static_cast<ElfW(Addr)>(sysconf(_SC_PAGESIZE));
  // Read-only after it was relocated, in most programs.
  auto* const from = reinterpret_cast<void*>(slot / page * page);
  if (mprotect(from, page, PROT_READ | PROT_WRITE) == 0) *reinterpret_cast<void**>(slot) = by;
}

/// What an object's dynamic section says.
class object_tables {
 public:
  explicit object_tables(dl_phdr_info const& in) noexcept : base_(in.dlpi_addr) {
    for (unsigned i = 0; i != in.dlpi_phnum; ++i)
      if (in.dlpi_phdr[i].p_type == PT_DYNAMIC)
        read(reinterpret_cast<ElfW(Dyn) const*>(base_ + in.dlpi_phdr[i].p_vaddr));
  }
  void replace(by_name const& all) const {
    if (symbols_ == 0 || names_ == 0) return;
    replace(calls_, calls_size_, all);
    replace(others_, others_size_, all);
  }

 private:
  void read(ElfW(Dyn) const* d) noexcept {
    for (; d->d_tag != DT_NULL; ++d) switch (d->d_tag) {
        case DT_SYMTAB:
          symbols_ = address(d);
          break;
        case DT_STRTAB:
          names_ = address(d);
          break;
        case DT_JMPREL:
          calls_ = address(d);
          break;
        case DT_PLTRELSZ:
          calls_size_ = d->d_un.d_val;
          break;
        case DT_RELA:
          others_ = address(d);
          break;
        case DT_RELASZ:
          others_size_ = d->d_un.d_val;
          break;
        default:
          break;
      }
  }
  // The loader has made it absolute in most objects, and in others it may not write.
  ElfW(Addr) address(ElfW(Dyn) const* d) const noexcept {
    return d->d_un.d_ptr < base_ ? base_ + d->d_un.d_ptr : d->d_un.d_ptr;
  }
  void replace(ElfW(Addr) table, std::size_t bytes, by_name const& all) const {
    auto const* const entries = reinterpret_cast<ElfW(Rela) const*>(table);
    for (std::size_t i = 0; table != 0 && i != bytes / sizeof *entries; ++i) {
      auto const type = static_cast<std::uint32_t>(ELF64_R_TYPE(entries[i].r_info));
      if (type != of_call && type != of_address) continue;
      auto const& symbol =
          reinterpret_cast<ElfW(Sym) const*>(symbols_)[ELF64_R_SYM(entries[i].r_info)];
      auto const known = all.find(reinterpret_cast<char const*>(names_ + symbol.st_name));
      if (known != all.end()) overwrite(base_ + entries[i].r_offset, known->second);
    }
  }

  ElfW(Addr) base_;
  ElfW(Addr) symbols_ = 0, names_ = 0;
  ElfW(Addr) calls_ = 0, others_ = 0;
  std::size_t calls_size_ = 0, others_size_ = 0;
};

}  // namespace

void replace_imports(std::span<replacement const> all) {
  by_name names;
  for (replacement const& r : all) {
    // The next one after us: a program's own table could lead back to where we have written.
    *r.original = dlsym(RTLD_NEXT, r.name);
    if (*r.original != nullptr) names.emplace(r.name, r.by);
  }
  auto const each = [](dl_phdr_info* in, std::size_t, void* by) {
    object_tables(*in).replace(*static_cast<by_name const*>(by));
    return 0;
  };
  dl_iterate_phdr(each, &names);
}

}  // namespace quartet::detail

#endif
