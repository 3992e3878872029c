// SPDX-License-Identifier: Apache-2.0
// The global allocator, in front of malloc, of the programs that ask for failures.
#include "support/failing_allocation.hpp"

#include <cstdlib>
#include <new>

namespace {
thread_local std::size_t fails_from = 0;  // 0: none fails
thread_local std::size_t fails_to = 0;
}  // namespace

namespace quartet::test {

failing_allocation::failing_allocation(std::size_t min, std::size_t max) {
  fails_to = max;
  fails_from = min;
}
failing_allocation::~failing_allocation() { fails_from = 0; }
bool failing_allocation::happened() const noexcept { return fails_from == 0; }

}  // namespace quartet::test

#if !defined(QUARTET_TSAN)
void* operator new(std::size_t size) {
  if (fails_from != 0 && size >= fails_from && size <= fails_to) {
    fails_from = 0;
    throw std::bad_alloc();
  }
  if (void* const room = std::malloc(size)) return room;
  throw std::bad_alloc();
}
void operator delete(void* room) noexcept { std::free(room); }
void operator delete(void* room, std::size_t) noexcept { std::free(room); }
#endif
