// SPDX-License-Identifier: Apache-2.0
// Small seeded generators: equal seeds give equal sequences on every machine.
#pragma once

#include <cstdint>

namespace quartet {

/// One step of splitmix64: a bijective mix of 64 bits.
/// Source: S. Vigna, splitmix64 (public domain algorithm description).
constexpr std::uint64_t mix64(std::uint64_t x) noexcept {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

/// A seeded stream of 64-bit numbers; not for secrets.
/// Threads: none by itself; give each thread its own. Stop: not concerned. Errors: none.
/// Lifetime: a value.
class random_stream {
 public:
  constexpr explicit random_stream(std::uint64_t seed) noexcept : state_(seed) {}

  constexpr std::uint64_t next() noexcept { return mix64(state_++ * 0xD1342543DE82EF95u); }

  /// A number in [0, bound), bound > 0, without modulo bias worth speaking of for small bounds.
  constexpr std::uint64_t below(std::uint64_t bound) noexcept {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next()) * bound) >> 64);
  }

 private:
  std::uint64_t state_;
};

}  // namespace quartet
