// SPDX-License-Identifier: Apache-2.0
// Results for programs: one JSON object and an end of line each.
#pragma once

#include <string>

#include "outcomes.hpp"

namespace quartet::cli {

/// Units stand last in the keys. Names of files that are no UTF-8 have U+FFFD in the places that
/// are not.
std::string json_of(images_outcome const& o);
std::string json_of(compare_outcome const& o);
std::string json_of(doctor_outcome const& o);

}  // namespace quartet::cli
