// SPDX-License-Identifier: Apache-2.0
// The list of executors: a new one is a line here.
#include "executors.hpp"

#include <quartet/exec/inline/inline_executor.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/processes/process_pool.hpp>
#include <quartet/exec/sim/simulator.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "calls.hpp"

namespace conformance {

namespace {

using namespace quartet;

template <class E> std::unique_ptr<executor_base> one(unsigned) { return std::make_unique<E>(); }
std::unique_ptr<executor_base> threads(unsigned n) {
  return std::make_unique<thread_pool>(pool_options{.workers = n});
}
std::unique_ptr<executor_base> processes(unsigned n) {
  std::unique_ptr<process_pool> p(new process_pool({.workers = n}));
  return p;
}

std::unique_ptr<executor_base> sim(unsigned n) {
  return std::make_unique<simulator>(simulator_options{.workers = n});
}

template <class E> int by_own_type(bool coroutine) {
  E e;
  executor_under_test const unnamed{};
  cell const c(unnamed, coroutine);
  int sum = c.submit<&twice, &twice_later>(e, 15).blocking_get();
  for (int x : c.map<&twice, &twice_later>(e, std::vector{1, 2, 3}).blocking_get()) sum += x;
  return sum;
}

// Columns: name, here, at_once, alone, nests.
constexpr executor_under_test all[] = {
    {"inline", true, true, false, true, &one<inline_executor>, &by_own_type<inline_executor>},
    {"loop", true, false, false, false, &one<event_loop>, &by_own_type<event_loop>},
    {"manual", true, false, false, false, &one<manual_executor>, &by_own_type<manual_executor>},
    {"threads", true, false, true, true, &threads, &by_own_type<thread_pool>},
    {"processes", false, false, true, false, &processes, &by_own_type<process_pool>},
    {"sim", true, false, false, true, &sim, &by_own_type<simulator>},
};

}  // namespace

std::span<executor_under_test const> executors() noexcept { return all; }

}  // namespace conformance
