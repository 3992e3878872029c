// SPDX-License-Identifier: Apache-2.0
// Memory that processes share by handing its descriptor on.
#pragma once

#include <cstddef>
#include <span>

#include <quartet/os/fd.hpp>

namespace quartet::os {

/// An anonymous file, mapped for reading and writing. Its size is sealed and its pages are
/// allocated when it is made: neither a peer that shrinks it nor a full memory turns a later access
/// into a SIGBUS.
/// Shape: `size` bytes, at a page boundary, zero when made.
/// Threads: the members a value, the bytes as their users agree. Stop: not concerned.
/// Errors: std::system_error, std::invalid_argument.
/// Lifetime: unmapped with the owner; the bytes live while any process has them mapped or open.
class memory_file {
 public:
  memory_file() noexcept = default;
  /// `name` appears in /proc/PID/maps. Errors: std::system_error if the machine has not
  /// that much memory (a smaller limit of a cgroup still kills instead of refusing);
  /// std::invalid_argument if `size` is 0.
  memory_file(char const* name, std::size_t size);
  /// Maps what another process made and sent.
  /// Errors: std::system_error; std::invalid_argument if its size is not sealed, or 0.
  explicit memory_file(fd received);
  memory_file(memory_file&& other) noexcept;
  memory_file& operator=(memory_file&& other) noexcept;
  ~memory_file();

  std::span<std::byte> bytes() const noexcept { return {data_, size_}; }
  std::size_t size() const noexcept { return size_; }
  int descriptor() const noexcept { return file_.get(); }
  explicit operator bool() const noexcept { return data_ != nullptr; }

 private:
  void map();
  fd file_;
  std::byte* data_ = nullptr;  // null: nothing mapped
  std::size_t size_ = 0;
};

}  // namespace quartet::os
