// SPDX-License-Identifier: Apache-2.0
// A stack without locks, whose top has gone and come back and looks as if it had never gone.
#pragma once

#include <array>
#include <cstddef>

#include <quartet/jobs/races/detail/together.hpp>
#include <quartet/jobs/races/detail/version.hpp>
#include <quartet/seam/atomic.hpp>
#include <quartet/seam/check.hpp>

namespace quartet::jobs::races {

inline constexpr int nodes = 3, none = -1;

/// The top of a stack: a node, and in the mended form how often it has changed.
template <version v> struct top {
  int node;
  int changes;
  friend bool operator==(top const&, top const&) = default;
  top next(int n) const { return {n, v == mended ? changes + 1 : 0}; }
};

/// R. K. Treiber's stack, with numbers for pointers. At first all nodes are on it.
/// Threads: all members concurrently. Stop: not concerned. Errors: none. Lifetime: a value.
template <version v> class index_stack {
 public:
  index_stack() {
    for (int i = 0; i != nodes; ++i) link(i).store(i + 1 == nodes ? none : i + 1, seam::relaxed);
  }
  int pop() {
    top<v> h = head_.load(seam::acquire);
    while (h.node != none) {
      int const under = link(h.node).load(seam::acquire);
      if (head_.compare_exchange(h, h.next(under), seam::acq_rel, seam::acquire)) break;
    }
    return h.node;
  }
  void push(int n) {
    top<v> h = head_.load(seam::acquire);
    do link(n).store(h.node, seam::release);
    while (!head_.compare_exchange(h, h.next(n), seam::acq_rel, seam::acquire));
  }

 private:
  seam::atomic<int>& link(int n) { return below_[static_cast<std::size_t>(n)]; }
  seam::atomic<top<v>> head_{{0, 0}};
  std::array<seam::atomic<int>, nodes> below_;
};

/// Who owns a node.
class owners {
 public:
  void take(int n) {
    if (n != none) check(!mark(n).exchange(true, seam::relaxed), "nobody else owns the node");
  }
  void leave(int n) { mark(n).store(false, seam::relaxed); }

 private:
  seam::atomic<bool>& mark(int n) { return taken_[static_cast<std::size_t>(n)]; }
  std::array<seam::atomic<bool>, nodes> taken_;
};

/// One thread takes a node; another takes two and gives the first one back. If the top comes back
/// between look and exchange of the one, the second node of the other is on the stack again. What
/// is left then belongs to nobody.
template <version v> void pop_while_a_node_comes_back() {
  index_stack<v> s;
  owners o;
  together([&] { o.take(s.pop()); },
           [&] {
             int const first = s.pop();
             o.take(first);
             o.take(s.pop());
             o.leave(first);
             s.push(first);
           });
  for (int n = s.pop(); n != none; n = s.pop()) o.take(n);
}

}  // namespace quartet::jobs::races
