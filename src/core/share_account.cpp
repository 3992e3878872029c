// SPDX-License-Identifier: Apache-2.0
// Handing out the numbers.
#include <array>
#include <stdexcept>
#include <string>

#include <quartet/core/detail/share_account.hpp>
#include <quartet/seam/atomic.hpp>

namespace quartet::detail {

namespace {

// By number; 0: free. Whoever sees an old value is fair by an old share: no order is needed.
// A machine is not told: what it decides must not hang on runs before.
constinit std::array<seam::bare::atomic<std::uint16_t>, share_account::numbers> shares{};

account_number take(std::uint16_t share) noexcept {
  for (unsigned i = 1; i != share_account::numbers; ++i) {
    std::uint16_t free = 0;
    if (shares[i].load(seam::relaxed) == 0 &&
        shares[i].compare_exchange(free, share, seam::relaxed, seam::relaxed))
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
  if (number_ != 0) shares[number_].store(0, seam::relaxed);
}

unsigned share_account::share_of(account_number n) noexcept {
  unsigned const share = n == 0 ? 0 : shares[n].load(seam::relaxed);
  return share == 0 ? usual : share;
}

}  // namespace quartet::detail
