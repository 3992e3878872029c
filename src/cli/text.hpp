// SPDX-License-Identifier: Apache-2.0
// Results for people.
#pragma once

#include <string>
#include <string_view>

#include "outcomes.hpp"

namespace quartet::cli {

/// "done 20, not supported yet 3, failed 1 of 24 images in 1.2 s ...", one line.
std::string summary_of(images_outcome const& o);

/// The table of a comparison, and which model fits. With `colour` the best row stands out.
std::string table_of(compare_outcome const& o, bool colour);

/// `text` as one line that no terminal obeys: control characters of file names become \x1b.
std::string one_line(std::string_view text);

}  // namespace quartet::cli
