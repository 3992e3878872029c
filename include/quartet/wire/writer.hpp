// SPDX-License-Identifier: Apache-2.0
// Where values are written to on their way out: a growing buffer, given memory, or just a count.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <type_traits>

#include <quartet/wire/buffer.hpp>

namespace quartet::wire {

/// How deeply values that contain themselves (trees, chains) may nest before both ends refuse.
inline constexpr std::size_t depth_max = 1000;

/// A value that cannot be written: nested too deeply, a null where there must be none.
/// Threads: a value. Stop: does not apply. Errors: none. Lifetime: owns its text.
class encode_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Appends bytes in native layout. Over a fixed span it stops storing when the span is full and
/// goes on counting, so that one pass says how much memory would have been enough:
/// ```
/// writer out(slot);  encode(out, value);
/// if (out.overflowed()) use a slab of out.size() bytes
/// ```
/// Threads: one thread at a time.
/// Stop: never waits.
/// Errors: std::bad_alloc from the buffer; never because a span is full.
/// Lifetime: the buffer or span outlives the writer. A buffer has its final size after `flush()`
/// or after the writer is gone.
class writer {
 public:
  /// Counts, and stores nothing.
  writer() = default;
  /// Appends to `out`.
  explicit writer(buffer& out)
      : out_(&out), begin_(out.data()), next_(begin_), end_(begin_), base_(out.size()) {
    if (begin_ == nullptr) return;
    begin_ += base_;
    next_ = begin_;
    end_ = out.data() + out.capacity();
  }
  /// Fills `out` and then goes on counting.
  explicit writer(std::span<std::byte> out)
      : begin_(out.data()), next_(begin_), end_(begin_ + out.size()), limit_(end_) {}
  writer(writer const&) = delete;
  ~writer() {
    if (out_ != nullptr) out_->resize(base_ + size());
  }

  /// Bytes that the values written so far take, stored or not.
  std::size_t size() const noexcept { return static_cast<std::size_t>(next_ - begin_) + beyond_; }
  /// True if the span was too small: what it holds is then of no use.
  bool overflowed() const noexcept { return beyond_ != 0; }
  /// Gives the buffer its size now.
  void flush() {
    if (out_ != nullptr) out_->resize(base_ + size());
  }
  /// Takes back everything written after the first `size` bytes (an earlier result of `size()`).
  void rewind(std::size_t size) noexcept;

  void bytes(void const* from, std::size_t count) {
    if (count > static_cast<std::size_t>(end_ - next_)) {
      if (!make_room(count)) return;
    }
    if (count != 0) std::memcpy(next_, from, count);
    next_ += count;
  }

  template <class T>
  requires std::is_trivially_copyable_v<T>
  void raw(T const& value) {
    if (sizeof(T) > static_cast<std::size_t>(end_ - next_)) {
      if (!make_room(sizeof(T))) return;
    }
    std::memcpy(next_, &value, sizeof(T));
    next_ += sizeof(T);
  }

  /// The number of elements that follow: four bytes, twelve if it does not fit in them.
  void length(std::size_t count) {
    if (count < 0xffffffffU) return raw(static_cast<std::uint32_t>(count));
    raw(std::uint32_t{0xffffffffU});
    raw(static_cast<std::uint64_t>(count));
  }

  /// Held while a value that may contain its own type is written.
  class nesting {
   public:
    explicit nesting(writer& out) : out_(out) {
      if (++out_.depth_ > depth_max) {
        --out_.depth_;
        too_deep();
      }
    }
    nesting(nesting const&) = delete;
    ~nesting() { --out_.depth_; }

   private:
    writer& out_;
  };

 private:
  /// False: there is no room and the bytes were only counted.
  bool make_room(std::size_t count);
  [[noreturn]] static void too_deep();

  buffer* out_ = nullptr;  // null over a span and when only counting
  std::byte* begin_ = nullptr;
  std::byte* next_ = nullptr;
  std::byte* end_ = nullptr;    // equal to next_ once a span is full: nothing is stored after a gap
  std::byte* limit_ = nullptr;  // the real end of a span
  std::size_t base_ = 0;        // bytes that were in the buffer before
  std::size_t beyond_ = 0;      // bytes counted and not stored
  std::size_t depth_ = 0;
};

}  // namespace quartet::wire
