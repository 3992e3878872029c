// SPDX-License-Identifier: Apache-2.0
// Options of the verbs that treat many items.
#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

#include <quartet/core/observer.hpp>
#include <quartet/core/priority.hpp>
#include <quartet/core/stop.hpp>

namespace quartet {

/// Trivially destructible, so that it can stand in a `co_await` expression.
/// Threads: a value. Stop: `stop` stops the whole. Errors: none.
/// Lifetime: `progress` and `stop` outlive the work.
struct bulk_options {
  duration timeout{};            ///< for each item, from its start; 0: none
  unsigned retries = 0;          ///< further attempts for an item that failed
  unsigned workers = 0;          ///< at most so many items at once; 0: as the executor likes
  std::size_t chunk = 0;         ///< items given to a worker at once; 0: as the executor likes
  observer* progress = nullptr;  ///< told of each item that ends
  stop_source* stop = nullptr;
  std::optional<priority> level = {};  ///< none: that of the running task
  std::string_view name = {};
  place where = place::here();
};
static_assert(std::is_trivially_destructible_v<bulk_options>);

}  // namespace quartet
