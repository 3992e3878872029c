// SPDX-License-Identifier: Apache-2.0
// Files and named pipes between the test and its calls.
#include "calls.hpp"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace conformance {

namespace {

[[noreturn]] void fail(std::string const& what) {
  throw std::system_error(errno, std::generic_category(), what);
}
int open_file(std::string const& path, int flags) {
  int const fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd < 0) fail("cannot open " + path);
  return fd;
}
void put_byte(int fd, std::string const& path) {
  if (::write(fd, "x", 1) != 1) fail("cannot write to " + path);
}
void take_byte(int fd, std::string const& path) {
  char byte = 0;
  while (::read(fd, &byte, 1) != 1)
    if (errno != EINTR) fail("cannot read from " + path);
}

}  // namespace

scratch::scratch() {
  std::string name = std::filesystem::temp_directory_path() / "quartet_conformance_XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) fail("cannot make a folder for temporary files");
  path_ = name;
}

scratch::~scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

gate::gate(std::string path) : path_(std::move(path)) {
  if (::mkfifo(path_.c_str(), 0600) != 0) fail("cannot make the pipe " + path_);
  fd_ = open_file(path_, O_RDWR);  // both ends, so that no open blocks
}

gate::~gate() { ::close(fd_); }

void gate::open(unsigned n) {
  while (n-- != 0) put_byte(fd_, path_);
}

void gate::wait() { take_byte(fd_, path_); }

bool gate::is_open() const {
  pollfd p{fd_, POLLIN, 0};
  return ::poll(&p, 1, 0) == 1;
}

void wait_at(std::string const& path) {
  int const fd = open_file(path, O_RDWR);
  take_byte(fd, path);
  ::close(fd);
}

void open_gate(std::string const& path) {
  int const fd = open_file(path, O_RDWR);
  put_byte(fd, path);
  ::close(fd);
}

void mark(std::string const& path) {
  int const fd = open_file(path, O_WRONLY | O_APPEND | O_CREAT);
  put_byte(fd, path);
  ::close(fd);
}

std::size_t marks(std::string const& path) {
  std::error_code missing;
  auto const size = std::filesystem::file_size(path, missing);
  return missing ? 0 : static_cast<std::size_t>(size);
}

}  // namespace conformance
