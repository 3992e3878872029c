// SPDX-License-Identifier: Apache-2.0
// A function object whose members can all be sent, and bind.
// compiles

#include <string>

#include "pool.hpp"

struct scaler {
  int factor;
  std::string label;
  int operator()(int x) const { return factor * x; }
};
int add(int a, int b) { return a + b; }
void f(process_pool& p) {
  p.submit(scaler{2, "two"}, 1);
  p.submit(quartet::bind(add, 1), 2);
  p.submit(quartet::fn<&add>, 1, 2);
}
