// SPDX-License-Identifier: Apache-2.0
// What a pool and one of its workers share: the memory of a channel, and the protocol of its slots.
//
// One channel per worker and no lock in it, so a worker that dies can leave nothing locked. Calls
// stand in `slots` in order. Each slot's state is its own hand-over:
//
//   empty   -> ready    parent   (1) release: request written
//   ready   -> claimed  worker   (2) acquires (1), by exchange: from here on the call has begun
//   ready   -> revoked  parent   by exchange: the call shall not begin
//   claimed -> done     worker   (3) release: reply written; seen by acquire (4) of the parent
//   revoked -> skipped  worker   the worker has passed over it
//   done, skipped -> empty  parent, in order; then `collected` counts it (5), seen by (6)
//
// After the death of a worker `claimed` names the call to blame, `ready` those that never began; a
// half-written reply is not `done`, so nobody sees it. Refused: chunks of several calls in one
// slot, because a death would then have to be split among them.
//
// Bytes of requests stand in a ring that the parent fills, of replies in one that the worker fills;
// both are freed in the order of the slots. What is too large lies in a slab, see slab.hpp.
//
// Sleeping. The worker sleeps on `parked`, the parent in its poller, each only after it has set its
// flag, fenced, and looked again; the other side fences between its hand-over and its look at the
// flag, so one of the two sees the other.
#pragma once

#include <cstddef>
#include <cstdint>

#include <quartet/seam/futex.hpp>

namespace quartet::detail::processes {

inline constexpr std::size_t slot_count = 256;        // a power of two
inline constexpr std::size_t ring_bytes = 64 * 1024;  // of requests, and of replies
inline constexpr std::size_t inline_max = 16 * 1024;  // more goes into a slab
inline constexpr std::size_t warm_max = 128 << 20;    // a larger slab is given back after its use

enum slot_state : std::uint32_t { empty, ready, claimed, done, revoked, skipped };
enum request_flags : std::uint32_t {
  introduces = 1,  // the request begins with the token of its function
  in_slab = 2,     // the request lies in the slab whose generation is `request_at`
};
enum class reply_kind : std::uint32_t { value, error, stopped };

struct alignas(64) slot {
  seam::atomic<std::uint32_t> state{empty};
  std::uint32_t function = 0;  // index into the worker's table, see `introduces`
  std::uint32_t flags = 0;
  std::uint32_t request_at = 0;  // offset into `requests`, or a generation
  std::uint64_t request_size = 0;
  std::uint64_t reply_size = 0;
  std::uint32_t reply_at = 0;  // offset into `replies`, or a generation
  reply_kind kind = reply_kind::value;
  std::uint32_t reply_in_slab = 0;
  std::uint32_t run_ns = 0;               // how long it ran; at most 4 s are told
  seam::atomic<std::int64_t> started{0};  // clock ticks when it was claimed
};
static_assert(sizeof(slot) == 64);

struct channel_memory {
  alignas(64) seam::futex_word parked{0};            // 1: the worker sleeps or is about to
  alignas(64) seam::atomic<std::uint32_t> armed{0};  // 1: the parent wants its doorbell rung
  alignas(64) seam::futex_word collected{0};  // slots that the parent has freed; wraps around
  seam::atomic<std::uint32_t> closing{0};     // 1: no call will come any more
  seam::atomic<std::uint32_t> may_spin{0};    // 1: there are idle processors
  alignas(64) seam::atomic<std::uint32_t> alive{0};  // 1: the worker has begun to work
  seam::atomic<std::uint32_t> wants_room{0};         // 1: the worker sleeps on `collected`
  slot slots[slot_count];
  std::byte requests[ring_bytes];
  std::byte replies[ring_bytes];
};

}  // namespace quartet::detail::processes
