// SPDX-License-Identifier: Apache-2.0
// fib as plain calls: what the work costs without any task.
#include "problem.hpp"

static long plain(long n) { return n < 2 ? n : plain(n - 1) + plain(n - 2); }

int main(int argc, char** argv) { fib::measure(bench::parse(argc, argv), plain); }
