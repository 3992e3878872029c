// SPDX-License-Identifier: Apache-2.0
// Stacks of numbered nodes without locks, where a node that has gone and come back looks as if it
// had never gone.
#define QUARTET_CHECK 1
#include <array>

#include <quartet/jobs/races/detail/index_stack.hpp>
#include <quartet/seam/shared.hpp>

#include "cases/case.hpp"
#include "cases/threads.hpp"

namespace quartet::cases {

namespace {

using jobs::races::nodes, jobs::races::none, jobs::races::pop_while_a_node_comes_back;

/// D. Vyukov's SafeStack: the link of the top is taken out while it is popped, and a count tells
/// how many nodes there are. It takes about five unlucky switches to give a node to two threads.
struct safe_stack {
  seam::atomic<int> count{nodes}, head{0};
  std::array<seam::atomic<int>, nodes> below;

  safe_stack() {
    for (int i = 0; i != nodes; ++i) link(i).store(i + 1 == nodes ? none : i + 1, seam::relaxed);
  }
  seam::atomic<int>& link(int n) { return below[static_cast<std::size_t>(n)]; }
  int pop() {
    while (count.load(seam::seq_cst) > 1) {
      int const h = head.load(seam::seq_cst);
      int const under = link(h).exchange(none, seam::seq_cst);
      if (under < 0) {
        seam::yield_thread();  // somebody else is popping it
        continue;
      }
      int seen = h;
      if (head.compare_exchange(seen, under, seam::seq_cst, seam::seq_cst)) {
        count.fetch_sub(1, seam::seq_cst);
        return h;
      }
      link(h).exchange(under, seam::seq_cst);
    }
    return none;
  }
  void push(int n) {
    int h = head.load(seam::seq_cst);
    do link(n).store(h, seam::seq_cst);
    while (!head.compare_exchange(h, n, seam::seq_cst, seam::seq_cst));
    count.fetch_add(1, seam::seq_cst);
  }
};

template <class stack> void three_threads_on() {
  stack s;
  std::array<shared<int>, nodes> value;
  crowd(3, [&](int me) {
    for (int round = 0; round != 2; ++round) {
      int n = s.pop();
      for (; n == none; n = s.pop()) seam::yield_thread();
      auto& mine = value[static_cast<std::size_t>(n)];
      mine = me;
      check(mine == me, "nobody else owns the node");
      s.push(n);
    }
  });
}

}  // namespace

std::vector<sim_case> stack_cases() {
  return {
      {.number = 20,
       .name = "safe_stack",
       .idea = "a node popped twice by about five switches (D. Vyukov's SafeStack)",
       .broken = three_threads_on<safe_stack>,
       .mended = three_threads_on<jobs::races::index_stack<mended>>,
       .shows = {verdict::race, verdict::check},
       .slow = true},
      {25, "aba", "a node that went and came back between look and exchange",  //
       pop_while_a_node_comes_back<broken>, pop_while_a_node_comes_back<mended>, verdict::check},
  };
}

}  // namespace quartet::cases
