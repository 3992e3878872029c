// SPDX-License-Identifier: Apache-2.0
// Handing out the numbers.
#include <array>
#include <stdexcept>
#include <string>

#include <quartet/core/detail/share_account.hpp>
#include <quartet/seam/atomic.hpp>

namespace quartet::detail {

namespace {

using holder = share_account::holder;

// Whoever sees an old value is fair by an old share: no order is needed.
// A machine is not told: what it decides must not hang on runs before.
constinit std::array<seam::bare::atomic<std::uint32_t>, share_account::numbers> holders{};

constexpr std::uint32_t packed(holder h) noexcept {
  return h.share | std::uint32_t{h.generation} << 16;
}
constexpr holder unpacked(std::uint32_t bits) noexcept {
  return {static_cast<std::uint16_t>(bits), static_cast<std::uint16_t>(bits >> 16)};
}

account_number take(std::uint16_t share) noexcept {
  for (unsigned i = 1; i != share_account::numbers; ++i) {
    std::uint32_t bits = holders[i].load(seam::relaxed);
    holder const last = unpacked(bits);
    auto const next = static_cast<std::uint16_t>(last.generation + 1);
    if (last.share == 0 &&
        holders[i].compare_exchange(bits, packed({share, next}), seam::relaxed, seam::relaxed))
      return static_cast<account_number>(i);
  }
  return 0;
}

std::uint16_t checked(unsigned share) {
  if (share > share_account::most)
    throw std::invalid_argument("share = " + std::to_string(share) + ": a group has 1 to " +
                                std::to_string(share_account::most) + ", other work has " +
                                std::to_string(share_account::usual));
  return static_cast<std::uint16_t>(share);
}

}  // namespace

share_account::share_account(unsigned share) : number_(share == 0 ? 0 : take(checked(share))) {}

share_account::~share_account() {
  if (number_ == 0) return;
  holder const us = holder_of(number_);
  holders[number_].store(packed({0, us.generation}), seam::relaxed);
}

holder share_account::holder_of(account_number n) noexcept {
  return unpacked(holders[n].load(seam::relaxed));
}

}  // namespace quartet::detail
