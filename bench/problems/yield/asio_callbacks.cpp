// SPDX-License-Identifier: Apache-2.0
// yield on Asio with callbacks: each player posts itself again.
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include "problem.hpp"

struct player {
  asio::io_context& loop;
  yield::score& taken;
  int number;
  long left;

  void operator()() {
    taken.turn(number);
    if (--left > 0) asio::post(loop, *this);
  }
};

int main(int argc, char** argv) {
  yield::measure(bench::parse(argc, argv), [](yield::score& taken, long each) {
    asio::io_context loop{1};
    asio::post(loop, player{loop, taken, 0, each});
    asio::post(loop, player{loop, taken, 1, each});
    loop.run();
  });
}
