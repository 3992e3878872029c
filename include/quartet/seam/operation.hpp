// SPDX-License-Identifier: Apache-2.0
// What a synchronising operation tells about itself before it happens.
#pragma once

#include <atomic>

#include <quartet/base/place.hpp>

namespace quartet::seam {

/// The kinds of synchronising operations.
enum class kind : unsigned char {
  load,
  store,
  exchange,
  compare_exchange,
  fetch_modify,
  fence,
  lock,
  try_lock,
  unlock,
  wait,
  block,    ///< the futex wait that follows is for other threads' work, not for time to pass
  own,      ///< a lock of a higher kind is ours now
  disown,   ///< and ours no longer
  suspend,  ///< a task leaves its thread
  awake,    ///< it may go on
  resume,   ///< and does
  notify,
  futex_wait,
  futex_wake,
  thread_start,
  thread_join,
  thread_yield,
  poll,
  transfer,
  process_start,
  process_wait,
  clock,
  entropy,
  fault,          ///< from here on no operations, but what went wrong: a fault_point struck
  out_of_memory,  ///< memory for a coroutine was refused
  weak_failure,   ///< a weak compare-exchange failed for no reason
  spurious_wake,  ///< a wait ended for no reason
  slow,           ///< a thread took its time
};

/// The name of `k`, as reports print it.
char const* name(kind k) noexcept;

/// One operation: what strategies, race detection and reports need to know of it.
/// Threads: a value. Stop: not concerned. Errors: none.
/// Lifetime: `object` is an identity, not to be followed.
struct operation {
  kind what;
  void const* object;       ///< the atomic, mutex, futex word, thread…; null for a fence
  bool writes;              ///< false: only reads the object
  std::memory_order order;  ///< seq_cst where an order means nothing
  place where;              ///< the line that asked for it
};

/// What a task, or a thread that runs none, tells of itself so that it can be named.
/// Threads: a value. Stop: not concerned. Errors: none.
/// Lifetime: as it is told.
struct task_note {
  kind what;           ///< suspend, awake, resume, own or disown
  void const* task;    ///< an identity; null: the thread itself
  char const* name;    ///< null: it has none
  void const* object;  ///< the lock, or what a suspended one waits for; null: nothing special
  place where;
};

/// What happens to plain data that is watched.
enum class use_kind : unsigned char { begin, read, write, end };

/// One use of plain data. Its place is an address in the program, since an operator and a
/// conversion cannot be told the line that they stand in.
/// Threads: a value. Stop: not concerned. Errors: none.
/// Lifetime: `object` is an identity, not to be followed.
struct data_use {
  use_kind what;
  void const* object;
  void const* code;  ///< the instruction after the use
};

inline constexpr auto relaxed = std::memory_order_relaxed;
inline constexpr auto acquire = std::memory_order_acquire;
inline constexpr auto release = std::memory_order_release;
inline constexpr auto acq_rel = std::memory_order_acq_rel;
inline constexpr auto seq_cst = std::memory_order_seq_cst;

}  // namespace quartet::seam
