// SPDX-License-Identifier: Apache-2.0
// process_call by hand: shared memory with a futex each way; for the map, a ring each way.
#include <array>
#include <atomic>
#include <sched.h>

#include "problem.hpp"
#include "support/child.hpp"
#include "support/futex.hpp"

namespace {

using bench::futex_scope;

struct mailbox {
  alignas(64) bench::futex_word asked{0};
  long question = 0;  // written before asked grows
  alignas(64) bench::futex_word answered{0};
  long answer = 0;  // written before answered grows
};

void serve_calls(mailbox& box) {
  for (std::uint32_t seen = 0;; ++seen) {
    bench::futex_wait_while(box.asked, seen, futex_scope::process);
    box.answer = process_call::echo(box.question);
    box.answered.fetch_add(1, std::memory_order_release);
    bench::futex_wake_one(box.answered, futex_scope::process);
  }
}

long call(mailbox& box, long value) {
  std::uint32_t const before = box.answered.load(std::memory_order_relaxed);
  box.question = value;
  box.asked.fetch_add(1, std::memory_order_release);
  bench::futex_wake_one(box.asked, futex_scope::process);
  bench::futex_wait_while(box.answered, before, futex_scope::process);
  return box.answer;
}

/// One writer, one reader; both look at the other's index only when their old view is used up.
class ring {
 public:
  bool push(long value) {
    std::size_t const at = written_.load(std::memory_order_relaxed);
    if (at - read_seen_ == slots_.size()) {
      read_seen_ = read_.load(std::memory_order_acquire);  // pairs with the release in pop
      if (at - read_seen_ == slots_.size()) return false;
    }
    slots_[at % slots_.size()] = value;
    written_.store(at + 1, std::memory_order_release);
    return true;
  }

  bool pop(long& value) {
    std::size_t const at = read_.load(std::memory_order_relaxed);
    if (at == written_seen_) {
      written_seen_ = written_.load(std::memory_order_acquire);  // pairs with the release in push
      if (at == written_seen_) return false;
    }
    value = slots_[at % slots_.size()];
    read_.store(at + 1, std::memory_order_release);
    return true;
  }

 private:
  alignas(64) std::atomic<std::size_t> written_{0};
  std::size_t read_seen_ = 0;  // the writer's
  alignas(64) std::atomic<std::size_t> read_{0};
  std::size_t written_seen_ = 0;  // the reader's
  alignas(64) std::array<long, 4096> slots_{};
};

struct two_rings {
  ring there;
  ring back;
};

void serve_numbers(two_rings& rings) {
  for (long value = 0;;) {
    while (!rings.there.pop(value)) sched_yield();
    while (!rings.back.push(process_call::increment(value))) sched_yield();
  }
}

process_call::longs map(two_rings& rings, process_call::longs const& input) {
  process_call::longs output;
  output.reserve(input.size());
  std::size_t sent = 0;
  for (long value = 0; output.size() < input.size();) {
    bool moved = false;
    while (sent < input.size() && rings.there.push(input[sent])) {
      ++sent;
      moved = true;
    }
    while (rings.back.pop(value)) {
      output.push_back(value);
      moved = true;
    }
    if (!moved) sched_yield();
  }
  return output;
}

}  // namespace

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  {
    auto& box = bench::make_shared_memory<mailbox>();
    bench::child worker{[&] { serve_calls(box); }};
    process_call::measure_echo(given, [&](long value) { return call(box, value); });
  }
  auto& rings = bench::make_shared_memory<two_rings>();
  bench::child worker{[&] { serve_numbers(rings); }};
  process_call::measure_tiny(given, "tiny", [&](auto& input) { return map(rings, input); });
}
