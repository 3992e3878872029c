// SPDX-License-Identifier: Apache-2.0
// All cases in one list, and those that have no body yet.
#include <algorithm>

#include "cases/case.hpp"

namespace quartet::cases {

namespace {

constexpr char const* of_processes = "processes are not simulated yet";

std::vector<sim_case> pending_cases() {
  auto const pending = [](int number, char const* name, char const* idea, char const* why) {
    return sim_case{.number = number, .name = name, .idea = idea, .pending = why};
  };
  return {
      pending(30, "dekker", "Dekker and Peterson with acquire and release only",
              "loads give the newest value: store buffers are not simulated yet"),
      pending(38, "lost_by_select", "a receive that loses an item when its select loses",
              "there is no select"),
      pending(41, "killed_with_the_lock", "a worker killed while it holds the lock of a ring",
              of_processes),
      pending(42, "killed_before_the_reply", "a worker killed after the work, before the reply",
              of_processes),
      pending(43, "both_pipes_full", "parent and worker both in send", of_processes),
      pending(44, "resumed_from_elsewhere", "a task resumed from another thread without a post",
              "the loop's posts and other threads' steps are not told apart yet"),
      pending(45, "parents_global", "a parent's variable changed by a task of a process",
              of_processes),
      pending(46, "both_send_first", "two nodes that send before they receive",
              "a network is not simulated yet"),
      pending(47, "priority_inversion", "a low one holds what a high one needs",
              "time does not pass while a thread computes, and priorities are not simulated yet"),
  };
}

std::vector<sim_case> collected() {
  std::vector<sim_case> all;
  for (auto* const family :
       {account_cases, buffer_cases, cancel_cases, channel_cases, deadlock_cases, executor_cases,
        init_cases, lifetime_cases, order_cases, queue_cases, sort_cases, stack_cases, stage_cases,
        stealing_cases, waiting_cases, pending_cases}) {
    std::vector<sim_case> const some = family();
    all.insert(all.end(), some.begin(), some.end());
  }
  std::ranges::stable_sort(all, {}, &sim_case::number);
  return all;
}

}  // namespace

std::span<sim_case const> all_cases() {
  static std::vector<sim_case> const all = collected();
  return all;
}

}  // namespace quartet::cases
