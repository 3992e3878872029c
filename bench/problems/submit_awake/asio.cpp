// SPDX-License-Identifier: Apache-2.0
// submit_awake on Asio's thread_pool.
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>

#include "problem.hpp"

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  asio::thread_pool pool{static_cast<std::size_t>(given.workers)};
  submit_awake::measure(given, [&](auto call) { asio::post(pool, call); });
  pool.join();
}
