// SPDX-License-Identifier: Apache-2.0
// What the tests of the program share: a run of it, and folders to run it on.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <quartet/cli/run.hpp>

namespace cli_test {

namespace fs = std::filesystem;

struct ended {
  int code = -1;
  std::string out, err;
};

/// The program with these arguments, in this process. Not on a terminal unless `terminal`.
inline ended run_with(std::vector<std::string> const& words, bool terminal = false) {
  std::vector<char const*> argv{"quartet"};
  for (std::string const& w : words) argv.push_back(w.c_str());
  std::ostringstream out, err;
  quartet::cli::streams io{
      .out = out, .err = err, .out_terminal = terminal, .err_terminal = terminal};
  int const code = quartet::cli::run(static_cast<int>(argv.size()), argv.data(), io);
  return {code, out.str(), err.str()};
}

inline fs::path photos() { return fs::path(QUARTET_SOURCE_DIR) / "test/data/photos"; }

/// One of the photographs, by the two digits that its name begins with.
inline fs::path photo(std::string const& digits) {
  for (auto const& entry : fs::directory_iterator(photos()))
    if (entry.path().filename().string().starts_with(digits)) return entry.path();
  throw std::runtime_error("no photograph " + digits);
}

/// A folder that goes with its test; everybody may write to it.
class folder {
 public:
  folder() {
    std::string name = (fs::temp_directory_path() / "quartet-cli-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    chmod(name.c_str(), 0777);
    path_ = name;
  }
  folder(folder const&) = delete;
  folder& operator=(folder const&) = delete;
  ~folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  std::string operator/(std::string const& name) const { return (path_ / name).string(); }

  /// A folder `name` with copies of photographs.
  std::string with_photos(std::string const& name, std::vector<std::string> const& digits) const {
    fs::create_directories(path_ / name);
    for (std::string const& d : digits)
      fs::copy_file(photo(d), path_ / name / photo(d).filename(),
                    fs::copy_options::overwrite_existing);
    return *this / name;
  }

 private:
  fs::path path_;
};

/// Every file below, by its name there, hidden ones too.
inline std::map<std::string, std::string> files(fs::path const& below) {
  std::map<std::string, std::string> all;
  for (auto const& entry : fs::recursive_directory_iterator(below)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::stringstream content;
    content << file.rdbuf();
    all[entry.path().lexically_relative(below).string()] = content.str();
  }
  return all;
}

inline bool holds(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

inline std::size_t lines(std::string const& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// An environment variable with a value, for a scope.
class variable {
 public:
  variable(char const* name, std::string const& value) : name_(name) {
    if (char const* before = getenv(name)) before_ = before, was_set_ = true;
    setenv(name, value.c_str(), 1);
  }
  variable(variable const&) = delete;
  variable& operator=(variable const&) = delete;
  ~variable() {
    if (was_set_)
      setenv(name_, before_.c_str(), 1);
    else
      unsetenv(name_);
  }

 private:
  char const* name_;
  std::string before_;
  bool was_set_ = false;
};

}  // namespace cli_test
