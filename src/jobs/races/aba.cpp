// SPDX-License-Identifier: Apache-2.0
// A stack without locks, whose top has gone and come back and looks as if it had never gone.
#include <array>

#include <quartet/seam/atomic.hpp>
#include <quartet/seam/check.hpp>

#include "bugs.hpp"
#include "together.hpp"

namespace quartet::jobs::races {

namespace {

constexpr int nodes = 3, none = -1;

/// R. K. Treiber's stack, with numbers for pointers and nothing that counts changes.
struct stack {
  seam::atomic<int> head{0};
  std::array<seam::atomic<int>, nodes> below;

  stack() {
    for (int i = 0; i != nodes; ++i) link(i).store(i + 1 == nodes ? none : i + 1, seam::relaxed);
  }
  seam::atomic<int>& link(int n) { return below[static_cast<std::size_t>(n)]; }
  int pop() {
    int top = head.load(seam::acquire);
    while (top != none) {
      int const under = link(top).load(seam::acquire);
      if (head.compare_exchange(top, under, seam::acq_rel, seam::acquire)) break;
    }
    return top;
  }
  void push(int n) {
    int top = head.load(seam::acquire);
    do link(n).store(top, seam::release);
    while (!head.compare_exchange(top, n, seam::acq_rel, seam::acquire));
  }
};

}  // namespace

/// One thread takes a node; another takes two and gives the first one back. If the top comes back
/// between look and exchange of the one, the second node of the other is on the stack again.
void aba() {
  stack s;
  std::array<seam::atomic<bool>, nodes> owned;
  auto const mark = [&](int n) -> seam::atomic<bool>& {
    return owned[static_cast<std::size_t>(n)];
  };
  auto const takes = [&](int n) {
    if (n != none) check(!mark(n).exchange(true, seam::relaxed), "nobody else owns the node");
  };
  auto const one = [&] { takes(s.pop()); };
  auto const other = [&] {
    int const first = s.pop();
    takes(first);
    takes(s.pop());
    mark(first).store(false, seam::relaxed);
    s.push(first);
  };
  together(one, other);
  for (int n = s.pop(); n != none; n = s.pop()) takes(n);
}

}  // namespace quartet::jobs::races
