// SPDX-License-Identifier: Apache-2.0
// dlopen(3) once more, for good.
#include <dlfcn.h>

#include <quartet/os/keep_loaded.hpp>

namespace quartet::os {

void keep_loaded() noexcept {
  Dl_info in{};
  if (dladdr(reinterpret_cast<void const*>(&keep_loaded), &in) == 0 || in.dli_fname == nullptr)
    return;
  dlopen(in.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

}  // namespace quartet::os
