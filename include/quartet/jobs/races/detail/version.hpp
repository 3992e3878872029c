// SPDX-License-Identifier: Apache-2.0
// The two forms of a program with a known mistake.
#pragma once

namespace quartet::jobs::races {

enum version : bool { broken, mended };

}  // namespace quartet::jobs::races
