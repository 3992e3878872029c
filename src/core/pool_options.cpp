// SPDX-License-Identifier: Apache-2.0
// Refuses absurd numbers.
#include <stdexcept>
#include <string>

#include <quartet/core/pool_options.hpp>

namespace quartet {

void check(pool_options const& o) {
  if (o.workers > most_workers)
    throw std::invalid_argument("workers = " + std::to_string(o.workers) + ": a pool has at most " +
                                std::to_string(most_workers) +
                                " workers; pass 0 for as many as the machine gives us");
  if (o.patience < duration::zero())
    throw std::invalid_argument("patience = " + std::to_string(o.patience.count()) +
                                " ns: a pool cannot know of a call before it begins; pass 0 for "
                                "no watch over stuck calls");
}

}  // namespace quartet
