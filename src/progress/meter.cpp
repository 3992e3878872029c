// SPDX-License-Identifier: Apache-2.0
// Rate and time left from counts.
#include <algorithm>

#include <quartet/progress/meter.hpp>

namespace quartet {

progress_snapshot progress_meter::look() const noexcept {
  progress_snapshot s;
  s.ended = ended_.load(seam::relaxed);  // before the total, so that it is never the larger one
  s.failed = failed_.load(seam::relaxed);
  s.total = std::max(total_.load(seam::relaxed), s.ended);
  s.elapsed = clock::now() - begun_;
  double const seconds = std::chrono::duration<double>(s.elapsed).count();
  if (s.ended == 0 || seconds <= 0) return s;
  s.rate = static_cast<double>(s.ended) / seconds;
  s.left =
      duration(static_cast<duration::rep>(static_cast<double>(s.total - s.ended) / s.rate * 1e9));
  return s;
}

}  // namespace quartet
