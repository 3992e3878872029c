// SPDX-License-Identifier: Apache-2.0
// A bounded channel between tasks and threads.
#pragma once

#include <quartet/sync/detail/channel_state.hpp>

namespace quartet {

/// Passes items on in order, each to one receiver. A full channel makes senders wait, an empty one
/// receivers; with capacity 0 both meet, and a send ends when its item was received.
///   while (auto item = co_await c.recv()) use(*item);
/// Example: sync/channel.test.cpp, a_loop_receives_until_the_channel_is_closed.
/// Threads: all members concurrently; any number of senders and receivers, each served in the
/// order of arrival.
/// Stop: a stopped recv has taken no item. A stopped send has not sent, its item is untouched.
/// Errors: `closed` from sends once the channel is closed; bounded verbs throw timed_out. A send
/// that throws leaves an rvalue item as it was.
/// Lifetime: outlives every verb in progress. Items not received die with the channel. An item
/// given by reference is used until the `co_await` expression ends.
/// Ordering: what was written before a send is seen after the recv of its item.
/// Cost: one short critical section; an item is moved once, or twice through the buffer, which is
/// allocated at construction.
template <class T> class channel {
  using state = detail::channel_state<T>;

 public:
  using value_type = T;

  /// Errors: bad_alloc, length_error for absurd capacities.
  explicit channel(std::size_t capacity = 0) : state_(capacity) {}
  channel(channel const&) = delete;
  channel& operator=(channel const&) = delete;

  /// Sends an item: an rvalue `T` is moved from when it is accepted and not before; from anything
  /// else a `T` is made first. Blocks: suspends the task until there is room.
  template <std::convertible_to<T> U = T>
  [[nodiscard("co_await it")]] auto send(U&& item) noexcept {
    return send_until(never, std::forward<U>(item));
  }
  template <std::convertible_to<T> U = T>
  [[nodiscard("co_await it")]] auto send_until(time_point t, U&& item) noexcept {
    using offer = detail::channel_send<T, U>;
    return detail::line_request<offer, typename offer::want>{{&state_, &item}, t};
  }
  template <std::convertible_to<T> U = T>
  [[nodiscard("co_await it")]] auto send_for(duration d, U&& item) noexcept {
    return send_until(after(d), std::forward<U>(item));
  }

  /// The next item; none when the channel is closed and empty. Blocks: suspends the task until
  /// there is one.
  [[nodiscard("co_await it")]] auto recv() noexcept { return recv_until(never); }
  [[nodiscard("co_await it")]] auto recv_until(time_point t) noexcept {
    using demand = detail::channel_recv<T>;
    return detail::line_request<demand, typename demand::want>{{&state_}, t};
  }
  [[nodiscard("co_await it")]] auto recv_for(duration d) noexcept { return recv_until(after(d)); }

  /// The same. Blocks: the thread.
  template <std::convertible_to<T> U = T> void blocking_send(U&& item) {
    blocking_send_until(never, std::forward<U>(item));
  }
  template <std::convertible_to<T> U = T> void blocking_send_until(time_point t, U&& item) {
    block_in_line(detail::channel_send<T, U>({&state_, &item}), t);
  }
  template <std::convertible_to<T> U = T> void blocking_send_for(duration d, U&& item) {
    blocking_send_until(after(d), std::forward<U>(item));
  }
  std::optional<T> blocking_recv() { return blocking_recv_until(never); }
  std::optional<T> blocking_recv_until(time_point t) {
    return block_in_line(detail::channel_recv<T>({&state_}), t);
  }
  std::optional<T> blocking_recv_for(duration d) { return blocking_recv_until(after(d)); }

  /// Sends if there is room, or a receiver waits. False: not sent. Blocks: never. Errors: `closed`.
  template <std::convertible_to<T> U = T> [[nodiscard]] bool try_send(U&& item) {
    detail::channel_send<T, U> offer({&state_, &item});
    offer.payload();
    wake_list woken;
    seam::guard g(state_.guard);
    if (!offer.try_now(woken)) return false;
    offer.finish(true);
    return true;
  }
  /// The next item if there is one. Blocks: never.
  [[nodiscard]] std::optional<T> try_recv() noexcept {
    std::optional<T> item;
    wake_list woken;
    seam::guard g(state_.guard);
    state_.take(item, woken);
    return item;
  }

  /// No more items: sends, also those that wait, end with `closed`; what was sent before can
  /// still be received. Again: nothing. Blocks: never.
  void close() noexcept { state_.close(); }
  bool is_closed() const noexcept {
    seam::guard g(state_.guard);
    return state_.closed;
  }

  std::size_t capacity() const noexcept { return state_.ring.size(); }
  /// Items in the buffer now.
  std::size_t size() const noexcept {
    seam::guard g(state_.guard);
    return state_.size;
  }

 private:
  state state_;
};

}  // namespace quartet
