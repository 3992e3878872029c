// SPDX-License-Identifier: Apache-2.0
// A walk over a folder that neither stops at, nor hides, what cannot be read.
#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <quartet/jobs/images/image_error.hpp>
#include <quartet/jobs/images/list_images.hpp>

namespace quartet::jobs {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(std::string const& message) {
  throw image_error(image_status::failed, message);
}

bool has_image_name(fs::path const& path) {
  constexpr std::array<std::string_view, 4> endings{".jpg", ".jpeg", ".png", ".webp"};
  std::string ending = path.extension().string();
  for (char& c : ending) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

/// Lists one folder after the other; those still to do are kept here, so depth costs no stack.
class walk {
 public:
  explicit walk(fs::path const& top) : top_(top) {}

  std::vector<found_image> run() {
    std::error_code error;
    list(top_, error);
    if (error) fail_at_top(error);
    while (!folders_.empty()) {
      fs::path const folder = std::move(folders_.back());
      folders_.pop_back();
      list(folder, error);
      if (error) add(folder, 0);
    }
    std::sort(found_.begin(), found_.end(),
              [](auto const& a, auto const& b) { return a.relative < b.relative; });
    return std::move(found_);
  }

 private:
  void list(fs::path const& folder, std::error_code& error) {
    fs::directory_iterator entries(folder, error);
    while (!error && entries != fs::directory_iterator()) {
      visit(*entries);
      entries.increment(error);
    }
  }

  void visit(fs::directory_entry const& entry) {
    std::error_code ignored;  // what cannot be looked at is neither folder nor file
    if (entry.path().filename().native().front() == '.') return;
    if (entry.is_directory(ignored)) {
      if (!entry.is_symlink(ignored)) folders_.push_back(entry.path());
      return;
    }
    if (!has_image_name(entry.path())) return;
    // A link that leads nowhere is listed too: its conversion says so.
    if (entry.is_regular_file(ignored)) {
      add(entry.path(), entry.file_size(ignored));
    } else if (entry.is_symlink(ignored)) {
      add(entry.path(), 0);
    }
  }

  void add(fs::path const& path, std::uint64_t bytes) {
    std::string const relative = path.lexically_relative(top_).generic_string();
    found_.push_back({.path = path.string(), .relative = relative, .bytes = bytes});
  }

  [[noreturn]] void fail_at_top(std::error_code error) const {
    std::string const name = top_.string();
    if (error == std::errc::no_such_file_or_directory) {
      fail(name + ": no such folder; check the name of the folder that holds your images");
    }
    if (error == std::errc::not_a_directory) {
      fail(name + ": is not a folder; name the folder that holds your images");
    }
    fail(name + ": cannot be read (" + error.message() +
         "); change its permissions, or run as a user who may");
  }

  fs::path top_;
  std::vector<fs::path> folders_;  // still to be listed
  std::vector<found_image> found_;
};

}  // namespace

std::vector<found_image> list_images(std::string const& folder) {
  if (folder.empty()) fail("no input folder is named; name the folder that holds your images");
  auto found = walk(folder).run();
  if (found.empty()) {
    fail(folder +
         ": holds no images; quartet looks for names that end in .jpg, .jpeg, .png or "
         ".webp, in this folder and those below it");
  }
  return found;
}

}  // namespace quartet::jobs
