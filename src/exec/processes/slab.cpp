// SPDX-License-Identifier: Apache-2.0
// Making, sending and dropping slabs.
#include "slab.hpp"

#include <algorithm>
#include <stdexcept>

#include "layout.hpp"

namespace quartet::detail::processes {

std::span<std::byte> slab_out::room(std::size_t size, os::packet_socket& line) {
  if (memory_.size() < size) {
    constexpr std::size_t grain = 1 << 20;
    // What will be kept grows by doubling, what will not is made to measure.
    std::size_t const wanted =
        std::max(size, std::min(warm_max, std::max(2 * memory_.size(), grain)));
    memory_ = os::memory_file();  // from here on there is none, unless the other side knows it
    os::memory_file next("quartet-slab", (wanted + grain - 1) / grain * grain);
    line_message const m{notice::slab, generation_ + 1};
    int const descriptor = next.descriptor();
    line.blocking_send(bytes_of(m), {&descriptor, 1});
    ++generation_;
    memory_ = std::move(next);
  }
  return memory_.bytes();
}

void slab_out::used() noexcept {
  if (memory_.size() > warm_max) memory_ = os::memory_file();
}

void slab_in::arrived(std::uint32_t generation, os::fd memory) {
  memory_ = os::memory_file();
  memory_ = os::memory_file(std::move(memory));
  generation_ = generation;
}

std::span<std::byte const> slab_in::bytes(std::size_t size) const {
  if (size > memory_.size()) throw std::runtime_error("a message is larger than its shared memory");
  return memory_.bytes().first(size);
}

void slab_in::used() noexcept {
  if (memory_.size() > warm_max) memory_ = os::memory_file();
}

}  // namespace quartet::detail::processes
