// SPDX-License-Identifier: Apache-2.0
// sim_mutex in quartet's simulator, uniform choice, races watched for.
#define QUARTET_CHECK 1
#include <vector>

#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/seam/thread.hpp>

#include "problem.hpp"

int main(int argc, char** argv) {
  using namespace quartet;
  auto const given = bench::parse(argc, argv);
  detail::sim::world world;
  std::uint64_t seed = 0;
  sim_mutex::measure(given, [&](long n) {
    long sum = 0;
    for (long i = 0; i != n; ++i)
      world.run(++seed, {.gang_start = true}, [&] {
        seam::mutex m;
        shared<int> count{0};
        std::vector<seam::thread> threads;
        threads.reserve(static_cast<std::size_t>(given.workers));
        for (int t = 0; t != given.workers; ++t)
          threads.emplace_back([&] {
            for (int s = 0; s != sim_mutex::sections; ++s) {
              m.lock();
              ++count;
              m.unlock();
            }
          });
        for (seam::thread& t : threads) t.join();
        sum += count;
      });
    return sum;
  });
}
