// SPDX-License-Identifier: Apache-2.0
// Locks and semaphores of the C library, taken while they are free.
#include "stand_in.hpp"

#if QUARTET_ESCAPES
#include <array>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <pthread.h>
#include <semaphore.h>

namespace quartet::detail::escapes {

namespace {

constexpr text use_mutex = "use quartet::mutex";
constexpr text use_semaphore = "use quartet::semaphore";

// Who took a lock last: that is its holder, when it is taken. A place serves several locks, and
// forgets the one before.
class lock_book {
 public:
  void took(void const volatile* lock) noexcept { entry_of(lock) = {lock, watched->running()}; }
  void took(sem_t const*) noexcept {}  // nobody holds it
  // -1: nobody knows.
  int holder(void const volatile* lock) noexcept {
    entry const& e = entry_of(lock);
    return e.lock == lock ? e.thread : -1;
  }

 private:
  struct entry {
    void const volatile* lock;
    int thread;
  };
  entry& entry_of(void const volatile* lock) noexcept {
    auto const x = reinterpret_cast<std::uintptr_t>(lock) * 0x9E3779B97F4A7C15U;
    return entries_[x >> 54U];
  }
  std::array<entry, 1024> entries_{};  // no heap: an allocator may take locks
};
lock_book locks;

using mutex_trylock = known<"pthread_mutex_trylock", int(pthread_mutex_t*)>;
using rwlock_tryrdlock = known<"pthread_rwlock_tryrdlock", int(pthread_rwlock_t*)>;
using rwlock_trywrlock = known<"pthread_rwlock_trywrlock", int(pthread_rwlock_t*)>;
using spin_trylock = known<"pthread_spin_trylock", int(pthread_spinlock_t*)>;
using semaphore_trywait = known<"sem_trywait", int(sem_t*)>;

// A recursive one is free for its owner, and that is what they all are to the C library.
bool is_another_threads(pthread_mutex_t* m) noexcept {
  if ((m->__data.__kind & 3) != PTHREAD_MUTEX_RECURSIVE_NP || m->__data.__count == 0) return false;
  int const holder = locks.holder(m);
  return holder >= 0 && holder != watched->running();
}
template <class T> bool is_another_threads(T volatile*) noexcept { return false; }

bool is_taken(int result) noexcept { return result == EBUSY || (result == -1 && errno == EAGAIN); }

/// Takes a lock if that can be done at once.
template <text Name, class Try, text Instead, class F> struct taking;
template <text Name, class Try, text Instead, class T, class... More>
struct taking<Name, Try, Instead, int(T, More...)> {
  using function = known<Name, int(T, More...)>;
  static int call(T lock, More... more) {
    if (!inside()) return function::real()(lock, more...);
    int const result = is_another_threads(lock) ? EBUSY : Try::real()(lock);
    if (is_taken(result)) leave(Name.at, Instead.at, QUARTET_CALLER, locks.holder(lock));
    if (result == 0) locks.took(lock);
    return result;
  }
  static replacement make() noexcept { return stand_in<function>(&call); }
};

template <text Name, class Try, class... More> using taking_mutex =
    taking<Name, Try, use_mutex, int(pthread_mutex_t*, More...)>;
template <text Name, class Try, class... More> using taking_rwlock =
    taking<Name, Try, use_mutex, int(pthread_rwlock_t*, More...)>;
template <text Name, class... More> using taking_semaphore =
    taking<Name, semaphore_trywait, use_semaphore, int(sem_t*, More...)>;

/// The same for those who ask first.
template <class Try, class T> int trying(T* lock) {
  if (!inside()) return Try::real()(lock);
  int const result = is_another_threads(lock) ? EBUSY : Try::real()(lock);
  if (result == 0) locks.took(lock);
  return result;
}

}  // namespace

void add_locks(table& to) {
  to.insert(
      to.end(),
      {
          // locks
          taking_mutex<"pthread_mutex_lock", mutex_trylock>::make(),
          taking_mutex<"pthread_mutex_timedlock", mutex_trylock, timespec const*>::make(),
          taking_mutex<"pthread_mutex_clocklock", mutex_trylock, clockid_t,
                       timespec const*>::make(),
          taking_rwlock<"pthread_rwlock_rdlock", rwlock_tryrdlock>::make(),
          taking_rwlock<"pthread_rwlock_timedrdlock", rwlock_tryrdlock, timespec const*>::make(),
          taking_rwlock<"pthread_rwlock_clockrdlock", rwlock_tryrdlock, clockid_t,
                        timespec const*>::make(),
          taking_rwlock<"pthread_rwlock_wrlock", rwlock_trywrlock>::make(),
          taking_rwlock<"pthread_rwlock_timedwrlock", rwlock_trywrlock, timespec const*>::make(),
          taking_rwlock<"pthread_rwlock_clockwrlock", rwlock_trywrlock, clockid_t,
                        timespec const*>::make(),
          taking<"pthread_spin_lock", spin_trylock, use_mutex, int(pthread_spinlock_t*)>::make(),
          stand_in<mutex_trylock>(&trying<mutex_trylock, pthread_mutex_t>),
          stand_in<rwlock_tryrdlock>(&trying<rwlock_tryrdlock, pthread_rwlock_t>),
          stand_in<rwlock_trywrlock>(&trying<rwlock_trywrlock, pthread_rwlock_t>),
          stand_in<spin_trylock>(&trying<spin_trylock, int volatile>),
          // waiting for others
          taking_semaphore<"sem_wait">::make(),
          taking_semaphore<"sem_timedwait", timespec const*>::make(),
          taking_semaphore<"sem_clockwait", clockid_t, timespec const*>::make(),
          stand_in<semaphore_trywait>(&trying<semaphore_trywait, sem_t>),
      });
}

}  // namespace quartet::detail::escapes

#endif
