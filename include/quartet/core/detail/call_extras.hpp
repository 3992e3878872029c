// SPDX-License-Identifier: Apache-2.0
// What few calls have, so that the record of most is small.
#pragma once

#include <memory>
#include <string>

#include <quartet/core/stop.hpp>

namespace quartet::detail {

/// The name of a call, and a second scope that it stops with.
/// Threads: of whoever makes the call; then as the record. Stop: passes that of the scope on.
/// Errors: as said. Lifetime: of the record.
class call_extras final : public stop_hook {
 public:
  /// Null: it has none. `stop` may be null. Errors: bad_alloc.
  static std::unique_ptr<call_extras> of(std::string_view name, stop_source const* stop) {
    if (name.empty() && stop == nullptr) [[likely]]
      return nullptr;
    return make(name, stop);
  }
  ~call_extras();

  /// Once. Listens for `call`, without a reference to it: `detach` before that goes.
  void serve(call_record& call) noexcept;

 private:
  static std::unique_ptr<call_extras> make(std::string_view name, stop_source const* stop);
  call_extras(std::string_view name, stop_source const* stop);

  std::string const name_;
  stop_state* const stop_;  // null: no second scope
  call_record* call_ = nullptr;
};

}  // namespace quartet::detail
