// SPDX-License-Identifier: Apache-2.0
// The executors that the suite runs on.
#pragma once

#include <span>

#include "cell.hpp"

namespace conformance {

std::span<executor_under_test const> executors() noexcept;

}  // namespace conformance
