// SPDX-License-Identifier: Apache-2.0
// The rare paths of the writer: growing, running over the end, going back.
#include <algorithm>

#include <quartet/wire/writer.hpp>

namespace quartet::wire {

bool writer::make_room(std::size_t count) {
  if (out_ == nullptr) {
    beyond_ += count;
    end_ = next_;
    return false;
  }
  std::size_t const used = base_ + size();
  // Doubling keeps small appends cheap; a large block gets just what it asks for, and a little.
  out_->reserve(std::max({used + count + count / 8, 2 * out_->capacity(), std::size_t{256}}));
  begin_ = out_->data() + base_;
  next_ = out_->data() + used;
  end_ = out_->data() + out_->capacity();
  return true;
}

void writer::rewind(std::size_t size) noexcept {
  auto const stored = static_cast<std::size_t>(next_ - begin_);
  if (size > stored) {
    beyond_ = size - stored;
    return;
  }
  next_ = begin_ + size;
  beyond_ = 0;
  if (out_ == nullptr) end_ = limit_;
}

void writer::too_deep() {
  throw encode_error(
      "cannot send this value: it is nested more than 1000 deep; send a chain or a tree as a "
      "vector of its nodes");
}

}  // namespace quartet::wire
