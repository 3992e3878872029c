// SPDX-License-Identifier: Apache-2.0
// A type with its own codec.
// compiles

#include "pool.hpp"

class colour {
 public:
  explicit colour(int rgb) : rgb_(rgb) {}
  int rgb() const { return rgb_; }

 private:
  int rgb_;
};
template <> struct quartet::codec<colour> {
  static void encode(colour const& x, wire::writer& out) { out.raw(x.rgb()); }
  static colour decode(wire::reader& in) { return colour(in.raw<int>()); }
};
colour run(colour x) { return x; }
void f(process_pool& p) { p.submit(run, colour(1)); }
