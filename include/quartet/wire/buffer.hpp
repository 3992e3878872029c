// SPDX-License-Identifier: Apache-2.0
// Memory that grows without first being filled with zeros; what a writer appends to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <utility>

namespace quartet::wire {

/// A growable run of bytes. Unlike a vector it does not clear memory that is about to be
/// overwritten, and grows through `realloc`, which moves large blocks without copying them.
/// Threads: one thread at a time.
/// Stop: never waits.
/// Errors: std::bad_alloc.
/// Lifetime: owns its memory; `data()` is valid until the next growing call.
class buffer {
 public:
  buffer() = default;
  buffer(buffer&& from) noexcept
      : data_(std::exchange(from.data_, nullptr)),
        size_(std::exchange(from.size_, 0)),
        capacity_(std::exchange(from.capacity_, 0)) {}
  buffer& operator=(buffer&& from) noexcept {
    std::swap(data_, from.data_);
    std::swap(size_, from.size_);
    std::swap(capacity_, from.capacity_);
    return *this;
  }
  ~buffer() { std::free(data_); }

  std::byte* data() noexcept { return data_; }
  std::byte const* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return capacity_; }
  bool empty() const noexcept { return size_ == 0; }
  std::span<std::byte const> bytes() const noexcept { return {data_, size_}; }

  /// Forgets the content and keeps the memory.
  void clear() noexcept { size_ = 0; }

  /// Makes room for `capacity` bytes in all.
  void reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    bool const possible = capacity <= static_cast<std::size_t>(PTRDIFF_MAX);
    void* const grown = possible ? std::realloc(data_, capacity) : nullptr;
    if (grown == nullptr) throw std::bad_alloc();
    data_ = static_cast<std::byte*>(grown);
    capacity_ = capacity;
  }

  /// Sets the size; bytes that come into being have no defined value.
  void resize(std::size_t size) {
    reserve(size);
    size_ = size;
  }

  /// Appends a copy of `bytes`.
  void append(std::span<std::byte const> bytes) {
    if (bytes.empty()) return;
    std::size_t const old = size_;
    resize(old + bytes.size());
    std::memcpy(data_ + old, bytes.data(), bytes.size());
  }

 private:
  std::byte* data_ = nullptr;  // from realloc, or null with capacity_ 0
  std::size_t size_ = 0;       // at most capacity_
  std::size_t capacity_ = 0;
};

}  // namespace quartet::wire
