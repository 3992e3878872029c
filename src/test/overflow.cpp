// SPDX-License-Identifier: Apache-2.0
// A handler for the fault at a stack's end, on a stack of its own.
#include "overflow.hpp"

#include <array>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <unistd.h>

#include <quartet/exec/sim/detail/fiber.hpp>

#include "sanitized.hpp"

namespace quartet::detail {

namespace {

constexpr std::size_t handler_stack = 64 * 1024;
sim::world const* watched = nullptr;
struct sigaction before {};

void say(std::string_view text) noexcept {
  if (::write(STDERR_FILENO, text.data(), text.size()) < 0) return;  // then nobody listens
}

void say(std::size_t number) noexcept {
  std::array<char, 24> text{};
  auto const end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  say(std::string_view(text.data(), static_cast<std::size_t>(end - text.data())));
}

// Only what a signal handler may do: no memory from the heap.
void explain(sim::world const& w) noexcept {
  say("stack overflow: thread \"");
  say(w.thread_name(static_cast<unsigned>(w.running())));
  say("\" needs more than the ");
  say(sim::fiber::stack_size / 1024);
  say(" KiB that a simulated thread has");
  if (place const where = w.last_place(); where.line != 0) {
    say("; its last operation was at ");
    say(where.file);
    say(":");
    say(where.line);
  }
  say("\n");
}

void on_fault(int, siginfo_t* info, void*) noexcept {
  if (watched != nullptr && watched->overflows(info->si_addr)) explain(*watched);
  sigaction(SIGSEGV, &before, nullptr);    // the fault comes again, and has its usual effect
  if (info->si_code <= 0) raise(SIGSEGV);  // but not one that somebody has sent
}

void catch_faults() noexcept {
  alignas(std::max_align_t) static std::array<std::byte, handler_stack> room;
  stack_t const own{room.data(), 0, room.size()};
  if (sigaltstack(&own, nullptr) != 0) return;
  struct sigaction catches {};
  catches.sa_sigaction = &on_fault;
  catches.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGSEGV, &catches, &before);
}

}  // namespace

stack_watch::stack_watch(sim::world const& w) noexcept {
  if (sanitized) return;
  if (watched == nullptr) catch_faults();
  watched = &w;
}

stack_watch::~stack_watch() {
  if (watched == nullptr) return;
  sigaction(SIGSEGV, &before, nullptr);
  watched = nullptr;
}

}  // namespace quartet::detail
