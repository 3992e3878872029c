// SPDX-License-Identifier: Apache-2.0
// The numbers under which groups pay for their turns in the background.
#pragma once

#include <cstdint>

namespace quartet::detail {

/// Of a group with a share of its own; 0: of all others together.
using account_number = std::uint16_t;

/// A number that no other group has as long as this lives. Calls that outlive their group pay under
/// the usual share, or for whoever has the number next.
/// Threads: none by itself. Stop: not concerned. Errors: std::invalid_argument.
class share_account {
 public:
  static constexpr unsigned usual = 100, most = 10'000;
  static constexpr unsigned numbers = 4096;

  /// `share`: 1 to `most`; 0: none, and no number. Where all numbers are taken it has none either.
  explicit share_account(unsigned share);
  share_account(share_account const&) = delete;
  share_account& operator=(share_account const&) = delete;
  ~share_account();

  account_number number() const noexcept { return number_; }

  /// Who has a number now.
  struct holder {
    std::uint16_t share;       ///< 0: nobody, who has the usual one
    std::uint16_t generation;  ///< tells apart those who have it one after the other
  };
  static holder holder_of(account_number) noexcept;

 private:
  account_number const number_;
};

}  // namespace quartet::detail
