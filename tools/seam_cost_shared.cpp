// SPDX-License-Identifier: Apache-2.0
// The same loops over int and over quartet::shared<int>; tools/seam_code.py compares their code.
#include <quartet/seam/shared.hpp>

template <class Int> struct loops {
  static int sum(Int const* from, int n) {
    int all = 0;
    for (int i = 0; i != n; ++i) all += from[i];
    return all;
  }
  static void add(Int* to, int n) {
    for (int i = 0; i != n; ++i) to[i] += i;
  }
  static void count(Int& up, Int& down) {
    while (down > 0) {
      ++up;
      --down;
    }
  }
  static void fill(Int* to, int n, int x) {
    for (int i = 0; i != n; ++i) to[i] = x;
  }
};

template struct loops<int>;
template struct loops<quartet::shared<int>>;

static_assert(sizeof(quartet::shared<int>) == sizeof(int) || QUARTET_CHECK);
static_assert(alignof(quartet::shared<int>) == alignof(int) || QUARTET_CHECK);
