// SPDX-License-Identifier: Apache-2.0
// A pointer to a member function as the callable.
// expect: function
// expect: fn<&Class::member>

#include "pool.hpp"

struct image {
  int shrink(int) const { return 1; }
};
void f(process_pool& p) { p.submit(&image::shrink, image{}, 1); }
