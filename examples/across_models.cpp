// SPDX-License-Identifier: Apache-2.0
// One structure, three executions: the loop waits, a process decodes what strangers sent, threads
// compute.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <quartet/quartet.hpp>

using namespace quartet;

namespace {

using numbers = std::vector<int>;

// Trusts its input more than it should: exactly what a process of its own is for.
numbers decode(std::string const& message) {
  if (message == "evil") std::abort();
  numbers all;
  for (char c : message) all.push_back(c - '0');
  return all;
}

int add(numbers const& all) {
  int sum = 0;
  for (int n : all) sum += n;
  return sum;
}

task<> handle(std::string message, process_pool& decoders, thread_pool& cpu) {
  try {
    auto decoded = co_await decoders.submit({.timeout = 2s}, decode, message);
    int const sum = co_await on(cpu, add, std::move(decoded));
    std::printf("%s: %d\n", message.c_str(), sum);
  } catch (worker_died const&) {
    std::printf("%s: killed its decoder, nobody else\n", message.c_str());
  }
}

task<> serve(process_pool& decoders, thread_pool& cpu) {
  for (char const* message : {"123", "evil", "456"}) co_await handle(message, decoders, cpu);
}

}  // namespace

int main() {
  process_pool decoders{{.workers = 2}};
  thread_pool cpu;
  event_loop loop;
  loop.run(serve, std::ref(decoders), std::ref(cpu));
}
