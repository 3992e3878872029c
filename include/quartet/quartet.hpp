// SPDX-License-Identifier: Apache-2.0
// Everything of the core library in one include.
#pragma once

// First what errors mostly come from, for GCC prints the whole way to a header.
// clang-format off
#include <quartet/core/task.hpp>
#include <quartet/core/callable.hpp>
#include <quartet/core/executor.hpp>
#include <quartet/wire/border.hpp>
#include <quartet/algo/map.hpp>
// clang-format on

#include <quartet/algo/as_completed.hpp>
#include <quartet/algo/fork_each.hpp>
#include <quartet/algo/fork_join.hpp>
#include <quartet/algo/map.hpp>
#include <quartet/algo/parallel_each.hpp>
#include <quartet/algo/parallel_invoke.hpp>
#include <quartet/algo/pipeline.hpp>
#include <quartet/algo/reduce.hpp>
#include <quartet/algo/when_all.hpp>
#include <quartet/core/blocking.hpp>
#include <quartet/core/executor.hpp>
#include <quartet/core/group.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/inline/inline_executor.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/processes/process.hpp>
#include <quartet/exec/processes/process_pool.hpp>
#include <quartet/exec/sim/simulator.hpp>
#include <quartet/exec/threads/thread.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/models/make_executor.hpp>
#include <quartet/sync/barrier.hpp>
#include <quartet/sync/channel.hpp>
#include <quartet/sync/condition.hpp>
#include <quartet/sync/event.hpp>
#include <quartet/sync/latch.hpp>
#include <quartet/sync/mutex.hpp>
#include <quartet/sync/semaphore.hpp>
#include <quartet/sync/shared_mutex.hpp>

namespace quartet {
/// `5s`, `20ms`, … after `using namespace quartet`.
using namespace std::chrono_literals;
}  // namespace quartet
