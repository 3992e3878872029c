// SPDX-License-Identifier: Apache-2.0
// The outcomes that are not values: stopped, timed out, and misuse of an executor.
#pragma once

#include <stdexcept>

namespace quartet {

/// Thrown out of a wait whose scope was asked to stop. It is no failure, so it does not derive
/// from `std::exception`: a handler for errors lets it pass, and the group that asked for the
/// stop takes it up.
/// Threads: a value. Stop: this is how a stop is seen. Errors: none.
/// Lifetime: owns nothing.
struct stopped {
  char const* what() const noexcept { return "stopped"; }
};

/// A deadline passed before the work was done.
/// Threads: a value. Stop: a deadline stops the work with this outcome. Errors: is one.
/// Lifetime: owns its text.
class timed_out : public std::runtime_error {
 public:
  timed_out() : std::runtime_error("timed out") {}
  using std::runtime_error::runtime_error;
};

/// The other side is closed: a channel without senders or receivers, an executor that has ended.
/// Threads: a value. Stop: not concerned. Errors: is one. Lifetime: owns its text.
class closed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A wait that could never end, refused before it begins: a task of a loop that blocks on the
/// same loop.
/// Threads: a value. Stop: not concerned. Errors: is one. Lifetime: owns its text.
class would_deadlock : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace quartet
