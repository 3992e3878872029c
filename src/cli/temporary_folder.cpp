// SPDX-License-Identifier: Apache-2.0
// mkdtemp, and removing.
#include "temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "usage_error.hpp"

namespace quartet::cli {

namespace fs = std::filesystem;

temporary_folder::temporary_folder() {
  char const* const named = std::getenv("TMPDIR");
  std::string const base = named != nullptr && *named != '\0' ? named : "/tmp";
  path_ = base + "/quartet-XXXXXX";
  if (::mkdtemp(path_.data()) != nullptr) return;
  throw usage_error(base + ": no temporary folder can be made there (" +
                    std::generic_category().message(errno) +
                    "); set TMPDIR to a folder on a disk with space");
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;  // what cannot be removed stays: there is nobody to tell
  fs::remove_all(path_, ignored);
}

void temporary_folder::clear() noexcept {
  std::error_code ignored;
  for (fs::directory_iterator at(path_, ignored), end; !ignored && at != end;
       at.increment(ignored)) {
    std::error_code also_ignored;
    fs::remove_all(at->path(), also_ignored);
  }
}

}  // namespace quartet::cli
