// SPDX-License-Identifier: Apache-2.0
// images in a plain loop.
#include "problem.hpp"

int main(int argc, char** argv) {
  images::measure(bench::parse(argc, argv), [](auto const& tasks) {
    for (auto const& each : tasks) quartet::jobs::convert_image(each);
  });
}
