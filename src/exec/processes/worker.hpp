// SPDX-License-Identifier: Apache-2.0
// The pool's view of one worker process: its channel, what it was given, how it ended.
#pragma once

#include <memory>
#include <optional>

#include <quartet/os/doorbell.hpp>
#include <quartet/os/pidfd.hpp>
#include <quartet/reactor/watcher.hpp>

#include "channel.hpp"
#include "job.hpp"
#include "slab.hpp"
#include "zygote.hpp"

namespace quartet::detail::processes {

/// Threads: guarded by the seat of the pool.
/// Lifetime: made by asking the zygote for a process, deleted when that has ended.
class worker {
 public:
  /// Why we end a worker that runs an item.
  enum class reason : unsigned char { none, timeout, stop };

  /// What stands in a slot.
  struct item {
    job* of = nullptr;  // null: nobody wants its reply any more
    std::size_t index = 0;
    reason ended_for = reason::none;
  };

  enum class given { yes, no_room };

  /// Errors: std::system_error.
  worker(supervisor& pool, std::shared_ptr<zygote> from, os::doorbell const& bell);

  /// Writes item `index` of `j` into the channel; `wake` later.
  /// Errors: whatever the encoding of its arguments throws; nothing is given then.
  given give(job& j, std::size_t index);

  item& at(std::uint64_t position) noexcept { return items_[position % slot_count]; }
  /// Takes back everything that has not begun, but for the first `spare` slots.
  template <class F> void take_back(std::size_t spare, F&& f) {
    for (std::uint64_t p = channel_.end(); p > channel_.first() + spare; --p)
      if (at(p - 1).of != nullptr && channel_.revoke(p - 1))
        f(std::exchange(at(p - 1).of, nullptr), at(p - 1).index);
  }
  bool usable() const noexcept { return !dying_ && !ended_.has_value(); }
  /// Ends the process now; it gets no more items.
  void kill() noexcept;

  /// The reply in the first slot, copied out of reach of the worker unless it lies in a slab.
  /// Errors: std::runtime_error if the worker wrote nonsense.
  std::span<std::byte const> reply(slot const& s);
  /// The reply was read.
  void reply_used() noexcept { replies_.used(); }

  /// Takes what has come over the line.
  void read_line();
  /// The zygote is gone, and the process with it.
  void orphaned() noexcept;

  int pid() const noexcept { return pid_; }
  class channel& channel() noexcept {
    return channel_;
  }
  /// How it ended; nothing while it lives.
  std::optional<seam::process_end> const& ended() const noexcept { return ended_; }
  /// errno of the fork that failed; 0: none did.
  int fork_error() const noexcept { return fork_error_; }
  zygote& parent() const noexcept { return *zygote_; }

  struct line_watch : watcher {
    explicit line_watch(worker& w) noexcept;
    worker& owner;
  };
  supervisor& pool;
  line_watch watch;

 private:
  std::span<std::byte> place(std::size_t size, std::uint32_t& flags);
  bool knows(std::uint32_t function) const noexcept {
    return function < known_.size() && known_[function];
  }
  void learn(std::uint32_t function);
  bool take(line_message const& m, os::packet& p);

  std::shared_ptr<zygote> zygote_;
  os::packet_socket line_;
  class channel channel_;
  os::pidfd process_;  // none until the zygote has told
  int pid_ = 0;
  bool dying_ = false;
  int fork_error_ = 0;
  std::optional<seam::process_end> ended_;
  std::array<item, slot_count> items_{};
  std::vector<bool> known_;  // functions introduced to it
  slab_out requests_;
  std::uint64_t slab_until_ = 0;  // the slab is in use while the first slot lies before this
  slab_in replies_;
  std::array<std::byte, inline_max> copy_;  // of the reply that is being read
};

}  // namespace quartet::detail::processes
