// SPDX-License-Identifier: Apache-2.0
// sim_mutex's limit: nothing but as many switches between fibers as there are scheduling points.
#include <memory>
#include <vector>

#include <quartet/exec/sim/detail/fiber.hpp>

#include "problem.hpp"

namespace {

using quartet::detail::sim::fiber;

struct ring {
  struct member {
    ring* of = nullptr;
    std::size_t next = 0;
    std::unique_ptr<fiber> flow;
    quartet::seam::context context;
  };
  fiber outside;
  std::vector<member> members;
  long left = 0;
  long counted = 0;

  static void turn(void* p) {
    auto& me = *static_cast<member*>(p);
    for (;;) {
      ring& r = *me.of;
      ++r.counted;
      if (--r.left == 0)
        r.outside.enter_from(*me.flow);
      else if (r.members.size() != 1)
        r.members[me.next].flow->enter_from(*me.flow);
    }
  }
};

}  // namespace

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  auto const count = static_cast<std::size_t>(given.workers);
  ring r;
  r.members.resize(count);
  for (std::size_t i = 0; i != count; ++i) {
    ring::member& m = r.members[i];
    m.of = &r;
    m.next = (i + 1) % count;
    m.flow = std::make_unique<fiber>(&ring::turn, &m, &m.context);
  }
  sim_mutex::measure(given, [&](long n) {
    r.counted = 0;
    r.left = n * given.workers * sim_mutex::sections;
    r.members[0].flow->enter_from(r.outside);
    return r.counted;
  });
  for (ring::member& m : r.members) m.flow->abandon();
}
