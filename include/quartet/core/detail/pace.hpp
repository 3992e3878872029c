// SPDX-License-Identifier: Apache-2.0
// How many items of a loop are run between two looks at the world: by time, not by number.
#pragma once

#include <algorithm>
#include <cstddef>

#include <quartet/base/chrono.hpp>
#include <quartet/seam/clock.hpp>

namespace quartet::detail {

/// Begins with a few items at a time and grows until a chunk is worth the bookkeeping around it.
/// Threads: belongs to one thread; a copy goes with work that is given away.
/// Stop: not concerned. Errors: none. Lifetime: a value.
class pace {
 public:
  /// Work that makes a look at the clock and at who waits cheap, and stops soon enough: a chunk
  /// takes so long at least, once it may, and hardly more than twice.
  static constexpr duration worth_while = std::chrono::microseconds(4);

  constexpr explicit pace(std::size_t grain = 1) noexcept : grain_(grain) {}

  /// Items of the next chunk.
  std::size_t grain() const noexcept { return grain_; }
  /// Whether no chunk has run yet.
  bool is_fresh() const noexcept { return ran_ == 0; }
  /// When the last chunk ended, or the first began.
  time_point now() const noexcept { return now_; }
  void begin(time_point now) noexcept { now_ = now; }
  /// A chunk of `n` items, at most `grain()`, has run since, and ended `now`. The next may be
  /// larger by `most_growth` at most: items that cost nothing may stand before others that do.
  void chunk_ran(std::size_t n, time_point now) noexcept {
    ran_ = n;
    took_ = std::max(now - now_, duration(1));
    now_ = now;
    if (took_ < worth_while)
      grain_ = std::max(grain_, n * std::min(times(2 * worth_while / took_), most_growth));
    else if (took_ > 4 * worth_while)
      grain_ = std::max<std::size_t>(n / 2, 1);
  }
  /// Whether `n` items, if they are like those of the last chunk, take so long that somebody else
  /// may well have half of them. True if nothing is known.
  bool is_worth_giving(std::size_t n) const noexcept {
    if (is_fresh()) return true;
    return took_ > well_measured && count(took_) * static_cast<double>(n) >
                                        count(2 * worth_while) * static_cast<double>(ran_);
  }

 private:
  static constexpr std::size_t most_growth = 64;
  static constexpr duration well_measured = std::chrono::nanoseconds(300);
  static constexpr std::size_t times(duration::rep n) noexcept {
    return static_cast<std::size_t>(n);
  }
  static constexpr double count(duration d) noexcept { return static_cast<double>(d.count()); }

  std::size_t grain_;
  std::size_t ran_ = 0;  // the last chunk; 0: none yet
  duration took_{};
  time_point now_{};
};

}  // namespace quartet::detail
