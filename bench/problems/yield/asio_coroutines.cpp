// SPDX-License-Identifier: Apache-2.0
// yield on Asio with coroutines: each player awaits a post to its own loop.
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include "problem.hpp"

static asio::awaitable<void> play(asio::io_context& loop, yield::score& taken, int number,
                                  long each) {
  for (long i = 0; i < each; ++i) {
    taken.turn(number);
    co_await asio::post(loop, asio::use_awaitable);
  }
}

int main(int argc, char** argv) {
  yield::measure(bench::parse(argc, argv), [](yield::score& taken, long each) {
    asio::io_context loop{1};
    asio::co_spawn(loop, play(loop, taken, 0, each), asio::detached);
    asio::co_spawn(loop, play(loop, taken, 1, each), asio::detached);
    loop.run();
  });
}
