// SPDX-License-Identifier: Apache-2.0
// The inside of a channel: a ring of items, and the two lines before and behind it.
//
// Senders wait only while the ring is full, receivers only while it is empty, so never both.
// Whoever changes that serves the first of the line in the same critical section: an item goes
// straight into the frame of the receiver that waits for it, and the place of an item taken goes to
// the first sender. So nobody can barge in, and an item is always in exactly one place: with its
// sender, in the ring, or with its receiver, whose wait has then ended with a value.
#pragma once

#include <concepts>
#include <optional>
#include <vector>

#include <quartet/core/wait_line.hpp>

namespace quartet::detail {

/// What a sender in line shows: its item, and whether somebody has taken it.
template <class T> struct channel_offer {
  watched<T*> item = nullptr;
  watched<bool> taken = false;
};

/// Threads: all but `close` under `guard`. Stop: see wait_line. Errors: none.
/// Lifetime: in its channel.
template <class T> struct channel_state {
  static_assert(std::is_nothrow_move_constructible_v<T>,
                "quartet: an item must be movable without throwing, for nobody could be told; "
                "send a std::unique_ptr to it");

  explicit channel_state(std::size_t capacity) : ring(capacity) {}

  /// Hands `item` to a receiver or puts it into the ring. False: no room.
  bool put(T& item, wake_list& woken) noexcept {
    if (wait_node* const r = receivers.take()) {
      static_cast<watched<std::optional<T>>*>(r->payload)->write().emplace(std::move(item));
      woken.add(*r);
      return true;
    }
    if (size == ring.size()) return false;
    ring[(first + size++) % ring.size()].write().emplace(std::move(item));
    return true;
  }

  /// Moves the oldest item to `out`, from the ring or straight from a sender. False: none is there.
  bool take(std::optional<T>& out, wake_list& woken) noexcept {
    bool const from_ring = size != 0;
    if (from_ring) {
      std::optional<T>& oldest = ring[first].write();
      out.emplace(std::move(*oldest));
      oldest.reset();
      first = (first + 1) % ring.size();
      --size;
    }
    wait_node* const s = senders.take();
    if (s == nullptr) return from_ring;
    auto& offer = *static_cast<channel_offer<T>*>(s->payload);
    if (from_ring)
      put(*offer.item, woken);
    else
      out.emplace(std::move(*offer.item));
    offer.taken = true;
    woken.add(*s);
    return true;
  }

  void close() noexcept {
    wake_list woken;
    seam::guard g(guard);
    closed = true;
    senders.take_all(woken);
    receivers.take_all(woken);
  }

  mutable seam::mutex guard;  // guards the fields below
  watched<bool> closed = false;
  std::vector<watched<std::optional<T>>> ring;  // as long as the capacity
  watched<std::size_t> first = 0;               // the oldest item
  watched<std::size_t> size = 0;                // items in the ring
  wait_line senders;                            // the payload is a channel_offer
  wait_line receivers;                          // the payload is an empty optional<T>
};

/// One send of a `U&&`: the item stays where it is if it is an rvalue `T`, else a `T` is made.
/// A copy of the operation holds no item; it is made once the operation lies still.
template <class T, class U> class channel_send {
 public:
  struct want {
    channel_state<T>* of;
    std::remove_reference_t<U>* source;
  };
  explicit channel_send(want w) noexcept : want_(w) {}
  channel_send(channel_send const& other) noexcept : want_(other.want_) {}
  channel_send& operator=(channel_send const&) = delete;

  seam::mutex& guard() const noexcept { return want_.of->guard; }
  wait_line& line() const noexcept { return want_.of->senders; }
  bool try_now(wake_list& woken) noexcept {
    if (want_.of->closed) return true;  // and not taken
    bool const taken = want_.of->put(*offer_.item, woken);
    offer_.taken = taken;
    return taken;
  }
  void* payload() {
    if constexpr (std::same_as<U, T>) {
      offer_.item = want_.source;
    } else {
      offer_.item = &made_.emplace(static_cast<U&&>(*want_.source));
    }
    return &offer_;
  }
  void left(wake_list&) const noexcept {}
  void finish(bool got) const {
    if (!got) throw timed_out("a channel stayed full until the deadline: the item was not sent");
    if (!offer_.taken) throw closed("the channel is closed: the item was not sent");
  }

 private:
  want want_;
  channel_offer<T> offer_;
  std::conditional_t<std::same_as<U, T>, unit, std::optional<T>> made_;
};

/// One recv. A copy of the operation holds no item.
template <class T> class channel_recv {
 public:
  struct want {
    channel_state<T>* of;
  };
  explicit channel_recv(want w) noexcept : want_(w) {}
  channel_recv(channel_recv const& other) noexcept : want_(other.want_) {}
  channel_recv& operator=(channel_recv const&) = delete;

  seam::mutex& guard() const noexcept { return want_.of->guard; }
  wait_line& line() const noexcept { return want_.of->receivers; }
  bool try_now(wake_list& woken) noexcept {
    return want_.of->take(item_.write(), woken) || want_.of->closed;
  }
  void* payload() noexcept { return &item_; }
  void left(wake_list&) const noexcept {}
  std::optional<T> finish(bool got) {
    if (!got) throw timed_out("a channel stayed empty until the deadline");
    return std::move(item_.write());
  }

 private:
  want want_;
  watched<std::optional<T>> item_;
};

}  // namespace quartet::detail
