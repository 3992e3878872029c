// SPDX-License-Identifier: Apache-2.0
// yield on quartet's event_loop: two tasks of one group.
#include <quartet/core/group.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>

#include "problem.hpp"

namespace {

using quartet::group;
using quartet::task;

task<> player(yield::score* taken, int number, long turns) {
  for (long i = 0; i < turns; ++i) {
    taken->turn(number);
    co_await quartet::yield();
  }
}

void start(group& g, yield::score* taken, long each) {
  g.spawn(player, taken, 0, each);
  g.spawn(player, taken, 1, each);
}

task<> game(yield::score* taken, long each) { co_await quartet::with_group(start, taken, each); }

}  // namespace

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  quartet::event_loop loop;
  yield::measure(given, [&](yield::score& taken, long each) { loop.run(game, &taken, each); });
}
