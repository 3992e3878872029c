// SPDX-License-Identifier: Apache-2.0
// images on plain threads, each with one chunk of the folder: no balancing at all.
#include <thread>

#include "problem.hpp"

static void convert(std::vector<images::task> const& tasks, std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < last; ++i) quartet::jobs::convert_image(tasks[i]);
}

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  images::measure(given, [&](auto const& tasks) {
    auto const workers = static_cast<std::size_t>(given.workers);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < workers; ++i) {
      threads.emplace_back(convert, std::cref(tasks), tasks.size() * i / workers,
                           tasks.size() * (i + 1) / workers);
    }
    for (auto& each : threads) each.join();
  });
}
