// SPDX-License-Identifier: Apache-2.0
// The program, or the library, that an address is in.
#pragma once

#include <algorithm>
#include <cstdint>
#include <link.h>
#include <span>

namespace quartet::os {

/// Calls `f(object, parts)` for it; it is not unloaded meanwhile. Unlike dladdr this does not wait
/// for whoever loads a library, and for its initialisers. False: the address is in none.
template <class F> bool with_object_at(std::uintptr_t address, F f) noexcept {
  struct search {
    std::uintptr_t address;
    F& f;
  } s{address, f};
  auto const look = [](dl_phdr_info* object, std::size_t, void* wanted) noexcept {
    auto& here = *static_cast<search*>(wanted);
    std::span const parts(object->dlpi_phdr, object->dlpi_phnum);
    bool const is_here = std::any_of(parts.begin(), parts.end(), [&](auto const& p) {
      return p.p_type == PT_LOAD && here.address - (object->dlpi_addr + p.p_vaddr) < p.p_memsz;
    });
    if (is_here) here.f(*object, parts);
    return is_here ? 1 : 0;
  };
  return dl_iterate_phdr(look, &s) != 0;
}

}  // namespace quartet::os
