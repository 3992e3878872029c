// SPDX-License-Identifier: Apache-2.0
// Futex, mutex, condition and thread over the machine of the calling thread.
#include <quartet/seam/futex.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/thread.hpp>

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

void mutex::lock(place where) noexcept {
  if (hooked()) [[unlikely]]
    announce(kind::lock, this, true, acquire, where);
  std::uint32_t seen = 0;
  if (word_.compare_exchange_strong(seen, 1, acquire, relaxed)) return;  // (2)
  for (int spin = 0; spin < 64 && !hooked(); ++spin) {
    pause();
    seen = 0;
    if (word_.load(relaxed) == 0 && word_.compare_exchange_strong(seen, 1, acquire, relaxed))
      return;
  }
  while (word_.exchange(2, acquire) != 0) this_machine().futex_wait(address(word_), 2, never);
}

bool mutex::try_lock(place where) noexcept {
  if (hooked()) [[unlikely]]
    announce(kind::try_lock, this, true, acquire, where);
  std::uint32_t seen = 0;
  bool const took = word_.compare_exchange_strong(seen, 1, acquire, relaxed);
  if (hooked()) [[unlikely]]
    announce_done(kind::try_lock, this, took, acquire, where);
  return took;
}

void mutex::unlock(place where) noexcept {
  if (hooked()) [[unlikely]]
    announce(kind::unlock, this, true, release, where);
  if (word_.exchange(0, release) == 2) this_machine().futex_wake(address(word_), 1);  // (1)
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
