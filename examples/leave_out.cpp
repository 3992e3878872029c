// SPDX-License-Identifier: Apache-2.0
// A class that keeps a file open: the file stays here when an object is sent to a process.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <quartet/quartet.hpp>

using namespace quartet;

namespace {

class book {
 public:
  book() = default;  // what arrives in the process is made with this
  explicit book(std::string path) : path_(std::move(path)), file_(path_) {}

  std::string next_line() {
    std::string line;
    std::getline(file_, line);
    return line;
  }

  // All members, by name: what is sent, and what is left out. A member that is forgotten here does
  // not compile.
  auto quartet_fields() { return fields(path_, leave_out(file_)); }
  // Called after arrival: opens the file again, over there.
  void quartet_received() { file_.open(path_); }

 private:
  std::string path_;
  std::ifstream file_;
};

std::string title_of(book b) { return b.next_line(); }

}  // namespace

int main() {
  auto const path =
      std::filesystem::temp_directory_path() / ("quartet-book-" + std::to_string(::getpid()));
  std::ofstream(path) << "Call me Ishmael.\nSome years ago ...\n";

  process_pool pool;
  std::string const title = pool.submit(title_of, book(path)).blocking_get();
  std::filesystem::remove(path);
  std::printf("%s\n", title.c_str());
}
