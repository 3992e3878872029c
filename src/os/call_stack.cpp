// SPDX-License-Identifier: Apache-2.0
// From frame to frame by the tables for exceptions, reading a stack that may change meanwhile.
#include <algorithm>
#include <array>

#include <quartet/os/call_stack.hpp>
#include <quartet/os/thread_look.hpp>

#include "unwind_rule.hpp"

namespace quartet::os {

namespace {

#if defined(__x86_64__)

std::optional<std::uintptr_t> word_at(std::uintptr_t address) noexcept {
  std::uintptr_t x = 0;
  if (copy_memory(&x, reinterpret_cast<void const*>(address), sizeof x) != sizeof x) return {};
  return x;
}

/// The instruction that ends where `code` begins, if it is a call.
struct call_before {
  enum { none, of_address, through_pointer } kind = none;
  std::uintptr_t target = 0;  // of_address

  explicit call_before(std::uintptr_t code) noexcept {
    std::array<std::uint8_t, 7> bytes{};  // the longest such instruction
    std::uintptr_t const from = code - bytes.size();
    if (copy_memory(bytes.data(), reinterpret_cast<void const*>(from), bytes.size()) !=
        bytes.size())
      return;
    if (bytes[2] == 0xe8) {
      kind = of_address;
      std::int32_t distance = 0;
      std::copy_n(&bytes[3], 4, reinterpret_cast<std::uint8_t*>(&distance));
      target = code + static_cast<std::uintptr_t>(std::int64_t(distance));
      return;
    }
    for (std::size_t i = 0; i != bytes.size() - 1; ++i)
      if (bytes[i] == 0xff && (bytes[i + 1] & 0x38) == 0x10 &&
          size_through(bytes[i + 1]) == bytes.size() - i)
        kind = through_pointer;
  }

 private:
  /// Of the instruction `ff /2`, by its second byte.
  static std::size_t size_through(std::uint8_t mode) noexcept {
    std::size_t const index = (mode & 7) == 4 && mode < 0xc0 ? 1 : 0;
    switch (mode >> 6) {
      case 0:
        return 2 + index + ((mode & 7) == 5 ? 4 : 0);
      case 1:
        return 3 + index;
      case 2:
        return 6 + index;
      default:
        return 2;
    }
  }
};

/// Whether `slot` holds the return address of a function whose saved frame pointer lies below it,
/// and which was called by one that has a frame pointer, too.
bool is_linked(std::uintptr_t slot) noexcept {
  constexpr std::uintptr_t largest_frame = 1 << 20;
  auto const above = word_at(slot - sizeof slot);
  if (!above || *above <= slot || *above - slot > largest_frame || *above % sizeof slot != 0)
    return false;
  auto const next = word_at(*above + sizeof slot);
  return next && call_before(*next).kind != call_before::none;
}

/// Where the return address of the function lies whose frame pointer is not known.
std::optional<std::uintptr_t> find_return(std::uintptr_t function, std::uintptr_t stack) noexcept {
  constexpr std::size_t words = 8 << 10;
  std::optional<std::uintptr_t> linked;
  for (std::size_t i = 0; i != words; ++i) {
    std::uintptr_t const slot = stack + i * sizeof slot;
    auto const code = word_at(slot);
    if (!code) return linked;
    call_before const call(*code);
    if (call.kind == call_before::of_address && call.target == function) return slot;
    if (!linked && call.kind != call_before::none && is_linked(slot)) linked = slot;
  }
  return linked;
}

/// The frame's address.
std::optional<std::uintptr_t> frame_of(stack_place const& at, unwind_rule const& rule) noexcept {
  auto const by = [&](std::uintptr_t base) {
    return base + static_cast<std::uintptr_t>(rule.offset);
  };
  if (rule.base == unwind_rule::stack_pointer) return by(at.stack);
  if (rule.base != unwind_rule::frame_pointer) return {};
  if (at.frame) return by(*at.frame);
  auto const slot = find_return(rule.function, at.stack);
  if (!slot) return {};
  return *slot - static_cast<std::uintptr_t>(*rule.saved_return);
}

/// To the caller's place, whose code is where it goes on. False: there is none.
bool leave(stack_place& at, bool is_innermost) noexcept {
  auto const rule = unwind_rule_at(is_innermost ? at.code : at.code - 1);
  if (!rule || !rule->saved_return) return false;
  auto const frame = frame_of(at, *rule);
  if (!frame || *frame <= at.stack) return false;
  auto const code = word_at(*frame + static_cast<std::uintptr_t>(*rule->saved_return));
  if (!code || *code == 0) return false;
  if (rule->saved_frame)
    at.frame = word_at(*frame + static_cast<std::uintptr_t>(*rule->saved_frame));
  at.code = *code;
  at.stack = *frame;
  return true;
}

#else

bool leave(stack_place&, bool) noexcept { return false; }

#endif

}  // namespace

std::vector<void const*> call_stack(stack_place const& from, std::size_t most) {
  std::vector<void const*> all;
  stack_place at = from;
  bool goes_on = at.code != 0;
  while (goes_on && all.size() != most) {
    auto const code = reinterpret_cast<void const*>(at.code);
    goes_on = leave(at, all.empty());
    if (goes_on && at.stack > at.bottom) break;
    all.push_back(code);
  }
  return all;
}

}  // namespace quartet::os
