// SPDX-License-Identifier: Apache-2.0
// Checks, goals and faults, told to the machine.
#include <quartet/base/assert.hpp>
#include <quartet/seam/check.hpp>
#include <quartet/seam/machine.hpp>

namespace quartet {

void check(bool holds, char const* what, place where) noexcept {
  if (holds) [[likely]]
    return;
  if (seam::hooked()) seam::this_machine().failed(what, where);
  detail::assertion_failed("check", what, where.file, where.line);
}

void sometimes(bool happens, char const* what, place where) noexcept {
  if (seam::hooked()) seam::this_machine().reached(what, happens, where);
}

bool fault_point(char const* name, place where) noexcept {
  return seam::hooked() && seam::this_machine().fault(seam::kind::fault, name, where);
}

void faults_end() noexcept {
  if (seam::hooked()) seam::this_machine().faults_end();
}

}  // namespace quartet
