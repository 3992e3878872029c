// SPDX-License-Identifier: Apache-2.0
// The errors that arrive as their own type without being registered.
#pragma once

#include <span>

#include <quartet/wire/error.hpp>

namespace quartet::wire::detail {

/// The standard exceptions, and those of this module.
std::span<error_kind const> standard_kinds();

}  // namespace quartet::wire::detail
