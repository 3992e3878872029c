// SPDX-License-Identifier: Apache-2.0
// A group with a time limit: its tasks are stopped where they wait, and may still tidy up.
#include <cstdio>

#include <quartet/quartet.hpp>

using namespace quartet;

namespace {

task<> save() {
  co_await yield();  // a wait that no stop from outside ends: we are shielded
  std::puts("what was done is saved");
}

task<> work() {
  try {
    co_await sleep_for(1h);
    std::puts("never printed");
  } catch (stopped const&) {
    std::puts("stopped while waiting");
  }
  co_await with_shield(save);
}

task<> two_workers() {
  co_await with_group([](group& g) {
    g.spawn(work);
    g.spawn(work);
  });
}

task<> for_a_moment() {
  try {
    co_await with_timeout(20ms, two_workers);
  } catch (timed_out const&) {
    std::puts("the time is over, and nothing runs any more");
  }
}

}  // namespace

int main() {
  event_loop loop;
  loop.run(for_a_moment);
}
