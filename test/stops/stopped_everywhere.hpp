// SPDX-License-Identifier: Apache-2.0
// A scenario with a stop at each of its checkpoints, one at a time, and the line that says so.
#pragma once

#include <cinttypes>
#include <cstdio>
#include <string_view>
#include <utility>

#include <quartet/base/errors.hpp>
#include <quartet/core/future.hpp>
#include <quartet/test/gtest.hpp>

namespace quartet::test {

/// In a coroutine's frame: a frame that is never destroyed is data left behind.
using frame = shared<int>;

/// Explores `body`, in which any task and any call may be stopped; what it expects must hold
/// nevertheless. Prints what `./dev races --stops` collects. Something is lost wherever an
/// expectation fails or somebody waits for ever.
template <class F> void stopped_everywhere(char const* what, F body) {
  explore_options const o{.schedules = 100, .stall_min = duration::max(), .stops = true};
  explore_report const r = explore(o, quartet::detail::expecting(std::move(body)));
  std::string_view const kind = r.failure ? std::string_view(r.failure->kind) : "";
  bool const leaked = kind.ends_with("left behind");
  std::printf("%s: checkpoints %" PRIu64 ", injected %" PRIu64 ", leaked %d, lost %d\n", what,
              r.checkpoints, r.stops, leaked ? 1 : 0, r.failure && !leaked ? 1 : 0);
  EXPECT_NE(r.checkpoints, 0U);
  if (!r.passed()) ADD_FAILURE() << r.text();
}

/// Waits for a call. False: it was stopped, or ran out of time; or a manual executor does not wait
/// for another thread that is about to resume it, as the one that stops it does.
template <class R> bool went_on(future<R>& f) {
  try {
    f.blocking_get();
    return true;
  } catch (stopped const&) {
    return false;
  } catch (timed_out const&) {
    return false;
  } catch (would_deadlock const&) {
    return false;
  }
}

/// What others count on from a call: done by it, or else when it ends or never runs.
template <class F> class owed {
 public:
  explicit owed(F f) : pay_(f) {}
  owed(owed&& other) noexcept : pay_(other.pay_), due_(std::exchange(other.due_, false)) {}
  owed& operator=(owed&&) = delete;
  ~owed() {
    if (due_) pay_();
  }
  void paid() noexcept { due_ = false; }

 private:
  F pay_;
  bool due_ = true;
};

}  // namespace quartet::test
