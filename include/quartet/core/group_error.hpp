// SPDX-License-Identifier: Apache-2.0
// The failures of a group's tasks, each with its name and the place where it was spawned.
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <quartet/base/place.hpp>

namespace quartet {

/// One failed task.
struct failure {
  std::exception_ptr error;
  std::string name;  ///< empty: unnamed
  place where;       ///< empty file: not given
};

/// Several failures of one group, the first one first.
/// Threads: a value. Stop: stopped tasks are no failures. Errors: is one.
/// Lifetime: copies share the list.
class group_error : public std::exception {
 public:
  explicit group_error(std::vector<failure> all);

  char const* what() const noexcept override { return text_->c_str(); }
  std::vector<failure> const& failures() const noexcept { return *failures_; }
  [[noreturn]] void rethrow_primary() const { std::rethrow_exception(failures_->front().error); }

 private:
  std::shared_ptr<std::vector<failure> const> failures_;  // never empty
  std::shared_ptr<std::string const> text_;
};

/// What `error` says of itself: its `what()`, or that it is no std::exception.
std::string describe(std::exception_ptr const& error);

}  // namespace quartet
