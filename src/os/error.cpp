// SPDX-License-Identifier: Apache-2.0
// Turns errno into an exception.
#include <cerrno>
#include <system_error>

#include <quartet/os/error.hpp>

namespace quartet::os {

void throw_errno(std::string const& what) { throw_error(errno, what); }

void throw_error(int number, std::string const& what) {
  throw std::system_error(number, std::generic_category(), what);
}

}  // namespace quartet::os
