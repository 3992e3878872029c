// SPDX-License-Identifier: Apache-2.0
// A machine that behaves like the real one and writes down every operation announced to it.
#pragma once

#include <algorithm>
#include <mutex>
#include <string_view>
#include <vector>

#include <quartet/seam/machine.hpp>

namespace quartet::test {

/// Install it with `seam::machine_scope`; threads started inside the scope are recorded too.
/// Threads: all members concurrently. Stop: not concerned. Errors: none.
/// Lifetime: outlives the scope and the threads started in it.
class recording_machine : public seam::machine {
 public:
  void at(seam::operation const& o) noexcept override {
    std::lock_guard const hold(mutex_);
    operations_.push_back(o);
  }

  /// A copy of what was recorded so far.
  std::vector<seam::operation> operations() const {
    std::lock_guard const hold(mutex_);
    return operations_;
  }

  void clear() {
    std::lock_guard const hold(mutex_);
    operations_.clear();
  }

  /// How many operations of this kind there were.
  std::size_t count(seam::kind what) const {
    auto const all = operations();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](auto const& o) { return o.what == what; }));
  }

  /// How many operations of this kind there were on `object`.
  std::size_t count(seam::kind what, void const* object) const {
    auto const all = operations();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](auto const& o) {
      return o.what == what && o.object == object;
    }));
  }

  /// Whether some operation of this kind was asked for in a file whose path ends in `file`.
  bool saw(seam::kind what, std::string_view file) const {
    auto const all = operations();
    return std::any_of(all.begin(), all.end(), [&](auto const& o) {
      return o.what == what && std::string_view(o.where.file).ends_with(file) && o.where.line > 0;
    });
  }

 private:
  std::mutex mutable mutex_;  // of the real machine: recording is no operation itself
  std::vector<seam::operation> operations_;
};

}  // namespace quartet::test
