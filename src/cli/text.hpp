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

/// The head of a table of bugs, its rows and its last line: each row can be shown when it is there.
std::string head_of(races_outcome const& o);
std::string line_of(jobs::race_row const& r);
std::string foot_of(races_outcome const& o);

/// What the doctor found: how many workers, why, and what is amiss; a line each.
std::string findings_of(doctor_outcome const& o);

/// `text` as one line that no terminal obeys: control characters of file names become \x1b.
std::string one_line(std::string_view text);

}  // namespace quartet::cli
