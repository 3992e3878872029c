// SPDX-License-Identifier: Apache-2.0
// A user of the installed package who explores: the race is found, named and brought back.
#include <cstdio>
#include <string>

#include <quartet/quartet.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/test/explore.hpp>

namespace {

void lost_update() {
  quartet::shared<int> n{0};
  quartet::thread a([&] { ++n; }), b([&] { ++n; });
  a.join();
  b.join();
}

}  // namespace

int main() {
  quartet::explore_report const r = quartet::explore(lost_update);
  bool const right = r.failure && r.failure->kind == "data race" &&
                     r.failure->what.find("explores.cpp:14") != std::string::npos &&
                     quartet::replay(r.failure->token, lost_update).failure;
  std::puts(right ? "the installed package finds a race" : r.text().c_str());
  return right ? 0 : 1;
}
