// SPDX-License-Identifier: Apache-2.0
// Where values are read from on their way in; trusts nothing about the bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include <quartet/wire/writer.hpp>

namespace quartet::wire {

/// Bytes that are not the value they should be: cut short, damaged, or from another program.
/// Threads: a value. Stop: does not apply. Errors: none. Lifetime: owns its text.
class decode_error : public std::runtime_error {
 public:
  decode_error(std::string const& what, std::size_t offset)
      : std::runtime_error(what), offset_(offset) {}
  /// Where in the message the reader stood.
  std::size_t offset() const noexcept { return offset_; }

 private:
  std::size_t offset_;
};

/// Takes bytes from the front of a message. Every access is checked against what is left, and an
/// announced length is checked before anything is allocated for it.
/// Threads: one thread at a time. The bytes must not change meanwhile: what another process can
/// still write to is copied first.
/// Stop: never waits.
/// Errors: decode_error.
/// Lifetime: the bytes outlive the reader.
class reader {
 public:
  explicit reader(std::span<std::byte const> from)
      : begin_(from.data()), next_(begin_), end_(begin_ + from.size()) {}
  reader(reader const&) = delete;

  std::size_t remaining() const noexcept { return static_cast<std::size_t>(end_ - next_); }
  std::size_t offset() const noexcept { return static_cast<std::size_t>(next_ - begin_); }

  /// The next `count` bytes, in place.
  std::byte const* bytes(std::size_t count) {
    if (count > remaining()) too_short(count);
    std::byte const* const at = next_;
    next_ += count;
    return at;
  }

  void bytes(void* to, std::size_t count) {
    std::byte const* const from = bytes(count);
    if (count != 0) std::memcpy(to, from, count);
  }

  template <class T>
  requires std::is_trivially_copyable_v<T> T raw() {
    T value;
    bytes(&value, sizeof(T));
    return value;
  }

  /// The number of elements that follow, each of which takes at least `size_min` > 0 bytes.
  std::size_t length(std::size_t size_min) {
    std::uint64_t count = raw<std::uint32_t>();
    if (count == 0xffffffffU) count = raw<std::uint64_t>();
    if (count > remaining() / size_min) too_long(count, size_min);
    return static_cast<std::size_t>(count);
  }

  /// Errors: decode_error if bytes are left over.
  void finish() const {
    if (next_ != end_) fail("bytes are left over: the two ends disagree about the message");
  }

  [[noreturn]] void fail(std::string_view why) const;

  /// Held while a value that may contain its own type is read.
  class nesting {
   public:
    explicit nesting(reader& in) : in_(in) {
      if (++in_.depth_ > depth_max) {
        --in_.depth_;
        in_.fail("values are nested more than 1000 deep");
      }
    }
    nesting(nesting const&) = delete;
    ~nesting() { --in_.depth_; }

   private:
    reader& in_;
  };

 private:
  [[noreturn]] void too_short(std::size_t wanted) const;
  [[noreturn]] void too_long(std::uint64_t count, std::size_t size_min) const;

  std::byte const* begin_;
  std::byte const* next_;
  std::byte const* end_;
  std::size_t depth_ = 0;
};

}  // namespace quartet::wire
