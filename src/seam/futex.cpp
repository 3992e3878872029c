// SPDX-License-Identifier: Apache-2.0
// Futex, mutex, condition and thread over the machine of the calling thread.
#include <quartet/seam/futex.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/thread.hpp>

#include "self.hpp"

namespace quartet::seam {

wake futex_wait(futex_word const& word, std::uint32_t expected, time_point deadline,
                place where) noexcept {
  if (hooked()) [[unlikely]] {
    announce(kind::futex_wait, &word, false, seq_cst, where);
    return this_machine().futex_wait(word.address(), expected, deadline);
  }
  return real_machine().machine::futex_wait(word.address(), expected, deadline);
}

void futex_wake(futex_word const& word, int count, place where) noexcept {
  if (hooked()) [[unlikely]] {
    announce(kind::futex_wake, &word, true, seq_cst, where);
    return this_machine().futex_wake(word.address(), count);
  }
  real_machine().machine::futex_wake(word.address(), count);
}

namespace {
std::uint32_t const* address(std::atomic<std::uint32_t> const& w) noexcept {
  return reinterpret_cast<std::uint32_t const*>(&w);
}
}  // namespace

bool mutex::spin() noexcept {
  for (int i = 0; i < 64 && !hooked(); ++i) {
    pause();
    std::uint32_t seen = free;
    if (word_.load(relaxed) == free &&
        word_.compare_exchange_strong(seen, locked, acquire, relaxed))  // (2)
      return true;
  }
  return false;
}

void mutex::lock_otherwise(char const* file, unsigned line, char const* function) noexcept {
  if (hooked()) {
    if (machine* const on = detail::told_machine())
      return on->lock_mutex(word_, file, line, function);
    std::uint32_t seen = free;
    if (word_.compare_exchange_strong(seen, told, acquire, relaxed)) return;  // (2)
  }
  rarely([this] {
    if (spin()) return;
    while (word_.exchange(waited, acquire) != free)  // (2)
      real_machine().machine::futex_wait(address(word_), waited, never);
  });
}

bool mutex::try_lock_otherwise(char const* file, unsigned line, char const* function) noexcept {
  if (!hooked()) return false;
  announce(kind::try_lock, this, true, acquire, {file, line, function});
  std::uint32_t seen = free;
  bool const took = word_.compare_exchange_strong(seen, told, acquire, relaxed);  // (2)
  announce_done(kind::try_lock, this, took, acquire, {file, line, function});
  return took;
}

void mutex::unlock_otherwise(char const* file, unsigned line, char const* function) noexcept {
  if (hooked())
    if (machine* const on = detail::told_machine())
      return on->unlock_mutex(word_, file, line, function);
  if (word_.exchange(free, release) == waited)  // (1)
    real_machine().machine::futex_wake(address(word_), 1);
}

wake condition::wait(mutex& m, time_point deadline, place where) noexcept {
  if (hooked()) [[unlikely]]
    announce(kind::wait, this, true, seq_cst, where);
  // Read under the mutex: a notification after the unlock below changes the word, so the futex
  // does not sleep through it.
  std::uint32_t const seen = turn_.load(relaxed);
  m.unlock(where);
  wake const how = futex_wait(turn_, seen, deadline, where);
  m.lock(where);
  return how;
}

void condition::notify_one(place where) noexcept {
  if (hooked()) [[unlikely]]
    announce(kind::notify, this, true, seq_cst, where);
  turn_.fetch_add(1, relaxed);
  futex_wake(turn_, 1, where);
}

void condition::notify_all(place where) noexcept {
  if (hooked()) [[unlikely]]
    announce(kind::notify, this, true, seq_cst, where);
  turn_.fetch_add(1, relaxed);
  futex_wake(turn_, 1 << 30, where);
}

void thread::start(void (*body)(void*), void* argument, char const* name, place where) {
  if (hooked()) [[unlikely]]
    announce(kind::thread_start, this, true, release, where);
  on_ = &this_machine().of_threads();
  handle_ = this_machine().start_thread(body, argument, name);
}

void thread::join(place where) noexcept {
  if (hooked()) [[unlikely]]
    announce(kind::thread_join, this, false, acquire, where);
  on_->join_thread(std::exchange(handle_, nullptr));
}

void yield_thread(place where) noexcept {
  if (hooked()) [[unlikely]]
    announce(kind::thread_yield, nullptr, false, seq_cst, where);
  this_machine().yield_thread();
}

std::uint64_t entropy(place where) noexcept {
  if (hooked()) [[unlikely]]
    announce(kind::entropy, nullptr, false, seq_cst, where);
  return this_machine().entropy();
}

}  // namespace quartet::seam
