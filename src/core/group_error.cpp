// SPDX-License-Identifier: Apache-2.0
// The text of several failures.
#include <quartet/base/errors.hpp>
#include <quartet/core/group_error.hpp>

namespace quartet {

std::string describe(std::exception_ptr const& error) {
  try {
    std::rethrow_exception(error);
  } catch (std::exception const& e) {
    return e.what();
  } catch (stopped const& s) {
    return s.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

namespace {

std::string one_line(failure const& f) {
  std::string text = f.name.empty() ? "unnamed task" : f.name;
  if (f.where.line != 0)
    text.append(" (").append(f.where.file).append(":").append(std::to_string(f.where.line)) += ')';
  return text.append(": ").append(describe(f.error));
}

std::string full_text(std::vector<failure> const& all) {
  std::string text =
      std::to_string(all.size()) + (all.size() == 1 ? " task" : " tasks") + " of the group failed";
  for (failure const& f : all) text.append("\n  ").append(one_line(f));
  return text;
}

}  // namespace

group_error::group_error(std::vector<failure> all)
    : failures_(std::make_shared<std::vector<failure> const>(std::move(all))),
      text_(std::make_shared<std::string const>(full_text(*failures_))) {}

}  // namespace quartet
