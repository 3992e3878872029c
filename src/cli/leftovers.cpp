// SPDX-License-Identifier: Apache-2.0
// Looks into each output folder once.
#include "leftovers.hpp"

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <set>
#include <signal.h>
#include <string>
#include <string_view>
#include <system_error>

namespace quartet::cli {

namespace fs = std::filesystem;

namespace {

/// The process that made a temporary file; 0 if the file is none.
pid_t maker_of(std::string_view name) {
  constexpr std::string_view begin = ".quartet-", end = ".part";
  if (!name.starts_with(begin) || !name.ends_with(end)) return 0;
  name.remove_prefix(begin.size());
  pid_t pid = 0;
  std::from_chars(name.data(), name.data() + name.size(), pid);
  return pid;
}

bool lives(pid_t pid) { return ::kill(pid, 0) == 0 || errno != ESRCH; }

void sweep(fs::path const& folder) {
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    pid_t const pid = maker_of(at->path().filename().native());
    std::error_code ignored;
    if (pid > 0 && !lives(pid)) fs::remove(at->path(), ignored);
  }
}

}  // namespace

void remove_leftovers(std::vector<jobs::image_task> const& tasks) noexcept try {
  std::set<fs::path> folders;
  for (jobs::image_task const& t : tasks) folders.insert(fs::path(t.output).parent_path());
  for (fs::path const& f : folders) sweep(f.empty() ? fs::path(".") : f);
} catch (std::exception const&) {
  // No memory for names: what is left over stays.
}

}  // namespace quartet::cli
