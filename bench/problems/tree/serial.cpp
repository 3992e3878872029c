// SPDX-License-Identifier: Apache-2.0
// tree as plain calls.
#include "problem.hpp"

int main(int argc, char** argv) { tree::measure(bench::parse(argc, argv), tree::count_serially); }
