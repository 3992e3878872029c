// SPDX-License-Identifier: Apache-2.0
// The thread that tells of stuck calls: finding the lines of code takes longer than a watchdog may.
#pragma once

#include <deque>
#include <memory>

#include <quartet/seam/mutex.hpp>
#include <quartet/seam/thread.hpp>

#include "ward.hpp"

namespace quartet::detail::pool {

/// Threads: `tell` concurrently. Stop: not concerned. Errors: as `tell` says. Lifetime: never
/// destroyed once it has told anything.
class reporter {
 public:
  /// Soon. Errors: bad_alloc, std::system_error: it is not told.
  void tell(std::shared_ptr<ward> w, stuck_call call);

 private:
  struct entry {
    std::shared_ptr<ward> from;
    stuck_call call;
  };
  void live() noexcept;

  seam::thread thread_;
  seam::mutex guard_;  // guards the fields below
  seam::condition bell_;
  std::deque<entry> waiting_;
  bool started_ = false;
};

}  // namespace quartet::detail::pool
