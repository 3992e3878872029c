// SPDX-License-Identifier: Apache-2.0
// A stack without locks, whose top has gone and come back and looks as if it had never gone.
#include <quartet/jobs/races/detail/index_stack.hpp>

#include "bugs.hpp"

namespace quartet::jobs::races {

void aba() { pop_while_a_node_comes_back<broken>(); }

}  // namespace quartet::jobs::races
