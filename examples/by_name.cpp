// SPDX-License-Identifier: Apache-2.0
// The model is a word on the command line; results come as they are done, with a progress bar.
#include <cstdio>
#include <exception>
#include <unistd.h>
#include <vector>

#include <quartet/progress/bar.hpp>
#include <quartet/quartet.hpp>

using namespace quartet;

namespace {

// How many steps n takes to reach 1: halve it if it is even, else three times n and one more.
int steps_to_one(int n) {
  int steps = 0;
  for (long x = n; x != 1; ++steps) x = x % 2 == 0 ? x / 2 : 3 * x + 1;
  return steps;
}

int run(char const* model) {
  std::vector<int> numbers;
  for (int n = 1; n <= 1'000; ++n) numbers.push_back(n);

  any_executor ex = make_executor(model);
  progress_bar bar({.terminal = ::isatty(2) == 1, .what = "numbers"},
                   [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); });
  int longest = 0;
  int start = 0;
  for (auto&& done : as_completed(ex, numbers, steps_to_one, {.timeout = 5s, .progress = &bar}))
    if (int const steps = done.result.value(); steps > longest) {
      longest = steps;
      start = numbers[done.index];
    }
  bar.finish();
  std::printf("%d takes %d steps\n", start, longest);
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  return run(argc > 1 ? argv[1] : "threads");
} catch (std::exception const& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 2;
}
