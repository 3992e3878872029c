// SPDX-License-Identifier: Apache-2.0
// From the name of a model to an executor: the one place that knows them all.
#pragma once

#include <span>
#include <string_view>

#include <quartet/core/pool_options.hpp>
#include <quartet/models/any_executor.hpp>

namespace quartet {

/// A model that programs choose by name.
/// Threads: constant data. Stop: not concerned. Errors: none. Lifetime: for ever.
struct model {
  std::string_view name;      ///< "sync", "async", "threads", "processes", "sim"
  std::string_view executor;  ///< the type behind it
  std::string_view fits;      ///< what it is for, in a few words
  bool local;                 ///< runs its calls in this process
  bool parallel;              ///< several workers
  bool simulated;             ///< they take turns in virtual time: nothing to be measured
  std::unique_ptr<executor_base> (*make)(pool_options const&);
};

/// All models, in the order in which tables show them.
std::span<model const> all_models() noexcept;

/// The model called `name`. Errors: std::invalid_argument that lists the names, and guesses which
/// one was meant.
model const& find_model(std::string_view name);

/// An executor of any model. Errors: as find_model; as the executor's own constructor.
any_executor make_executor(std::string_view name, pool_options o = {});

/// An executor that takes any callable. Errors: as make_executor; std::invalid_argument for a
/// model that runs its calls in other processes.
any_local_executor make_local_executor(std::string_view name, pool_options o = {});

}  // namespace quartet
