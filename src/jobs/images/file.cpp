// SPDX-License-Identifier: Apache-2.0
// Files by plain system calls, because each failure must keep its reason.
#include "file.hpp"

#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <quartet/jobs/images/image_error.hpp>
#include <quartet/jobs/images/limits.hpp>

namespace quartet::jobs::detail {

namespace {

std::string advice(int error) {
  switch (error) {
    case ENOENT:
      return "check the name; it may have been moved meanwhile";
    case EACCES:
    case EPERM:
      return "change its permissions, or run as a user who may";
    case ENOSPC:
      return "the disk is full: free some space, or choose another output folder";
    case EDQUOT:
      return "your disk quota is used up: free some space, or choose another folder";
    case EFBIG:
      return "files may not grow so large here: see `ulimit -f`";
    case EROFS:
      return "choose an output folder on a disk that can be written";
    case ENOTDIR:
    case EEXIST:
      return "a file stands where a folder is needed: move it, or choose another folder";
    case EISDIR:
      return "a folder stands where a file is needed: move it, or choose another folder";
    case EMFILE:
    case ENFILE:
      return "too many files are open: see `ulimit -n`, or use fewer workers";
    case ENAMETOOLONG:
      return "choose a shorter output folder";
    default:
      return "check the disk that it is on";
  }
}

[[noreturn]] void fail(std::string const& path, std::string const& what, int error) {
  throw image_error(
      image_status::failed,
      path + ": " + what + " (" + std::generic_category().message(error) + "); " + advice(error));
}

/// Owns a descriptor for the length of a function.
class open_file {
 public:
  explicit open_file(int fd) : fd_(fd) {}
  open_file(open_file const&) = delete;
  open_file& operator=(open_file const&) = delete;
  ~open_file() {
    if (fd_ >= 0) ::close(fd_);
  }

  int get() const { return fd_; }

  /// Some file systems report a full disk only now. 0, or the error.
  int close() { return ::close(std::exchange(fd_, -1)) == 0 || errno == EINTR ? 0 : errno; }

 private:
  int fd_;
};

/// A file that does not outlive this object unless it has been renamed.
class temporary_file {
 public:
  explicit temporary_file(std::string const& folder) : file_(open_new(folder)) {}
  temporary_file(temporary_file const&) = delete;
  temporary_file& operator=(temporary_file const&) = delete;
  ~temporary_file() {
    if (exists_) ::unlink(name_.c_str());
  }

  int error() const { return error_; }

  /// 0, or the error.
  int write(std::span<std::uint8_t const> bytes) {
    while (!bytes.empty()) {
      ssize_t const count = ::write(file_.get(), bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return errno;
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return file_.close();
  }

  /// 0, or the error.
  int rename_to(std::string const& path) {
    if (::rename(name_.c_str(), path.c_str()) != 0) return errno;
    exists_ = false;
    return 0;
  }

 private:
  /// Thread and process make the name unique on this machine. O_EXCL and counting on settle the
  /// rest: what a killed run left behind, and other machines that share the folder.
  int open_new(std::string const& folder) {
    constexpr int attempts = 1000;
    std::string const stem =
        folder + "/.quartet-" + std::to_string(::getpid()) + "-" + std::to_string(::gettid()) + "-";
    for (int i = 0; i < attempts; ++i) {
      name_ = stem + std::to_string(i) + ".part";
      int const fd = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      error_ = fd < 0 ? errno : 0;
      exists_ = fd >= 0;
      if (error_ != EEXIST && error_ != EINTR) return fd;
    }
    return -1;
  }

  std::string name_;
  int error_ = 0;
  bool exists_ = false;
  open_file file_;  // last: opening sets the members above
};

std::string folder_of(std::string const& path) {
  std::string const folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace

std::vector<std::uint8_t> read_whole_file(std::string const& path) {
  // Not blocking, or a pipe without a writer would hold us for ever.
  open_file file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) fail(path, "cannot be read", errno);
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) fail(path, "cannot be read", errno);
  if (!S_ISREG(about.st_mode)) {
    throw image_error(image_status::failed, path + ": is not a file; leave it out");
  }
  auto const size = static_cast<std::uint64_t>(about.st_size);
  if (size > max_image_file_bytes) {
    throw image_error(image_status::failed, path + ": too large: " + std::to_string(size) +
                                                " bytes, and the limit is " +
                                                std::to_string(max_image_file_bytes) +
                                                "; shrink it with another program first");
  }
  std::vector<std::uint8_t> bytes(size);
  std::size_t done = 0;
  while (done < bytes.size()) {
    ssize_t const count = ::read(file.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path, "cannot be read", errno);
    if (count == 0) break;  // cut shorter meanwhile; the decoder will say so
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

void write_whole_file(std::string const& path, std::span<std::uint8_t const> bytes) {
  temporary_file file(folder_of(path));
  int error = file.error();
  if (error == 0) error = file.write(bytes);
  if (error == 0) error = file.rename_to(path);
  if (error != 0) fail(path, "cannot be written", error);
}

void make_folder(std::string const& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) fail(folder, "cannot be made", error.value());
}

void require_writable(std::string const& folder) {
  temporary_file file(folder);
  if (file.error() != 0) fail(folder, "cannot be written to", file.error());
}

}  // namespace quartet::jobs::detail
