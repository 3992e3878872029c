// SPDX-License-Identifier: Apache-2.0
// Tasks that wait for descriptors: on the loop, on the pool, several at one, stopped meanwhile.
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <memory>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <quartet/core/group.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/exec/manual/manual_executor.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/reactor/readiness.hpp>

namespace quartet {
namespace {

using namespace std::chrono_literals;

/// Two sockets that are connected, or one pipe: the first one reads what the second one writes.
struct connected {
  explicit connected(bool as_pipe = false) {
    if ((as_pipe ? pipe2(ends, O_NONBLOCK | O_CLOEXEC)
                 : socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends)) != 0)
      throw std::system_error(errno, std::generic_category(), "two ends");
  }
  ~connected() {
    for (int const end : ends)
      if (end >= 0) close(end);
  }
  void close_second() { close(std::exchange(ends[1], -1)); }
  int ends[2];
};

task<char> read_one(int fd) {
  for (;;) {
    co_await readable(fd);
    char c = 0;
    ssize_t const n = read(fd, &c, 1);
    if (n == 1) co_return c;
    if (n == 0) co_return '\0';
  }
}
task<> write_one(int fd, char c) {
  for (;;) {
    co_await writable(fd);
    if (write(fd, &c, 1) == 1) co_return;
  }
}

/// Sends a letter there and back again.
task<> plays(int fd, bool begins, int rounds) {
  if (begins) co_await write_one(fd, 'a');
  for (int i = 0; i != rounds; ++i) {
    char const c = co_await read_one(fd);
    co_await write_one(fd, c);
  }
}

/// On the loop and on pools alike.
struct readiness : testing::TestWithParam<int> {
  readiness() {
    if (GetParam() == 0)
      loop = std::make_unique<event_loop>();
    else
      pool =
          std::make_unique<thread_pool>(pool_options{.workers = static_cast<unsigned>(GetParam())});
  }
  template <class F> auto run(F f) {
    return loop != nullptr ? loop->submit(f).blocking_get() : pool->submit(f).blocking_get();
  }
  std::unique_ptr<event_loop> loop;
  std::unique_ptr<thread_pool> pool;
};

TEST_P(readiness, of_what_is_there_already_is_seen_at_once) {
  connected c;
  ASSERT_EQ(write(c.ends[1], "x", 1), 1);
  EXPECT_EQ(run([&] { return read_one(c.ends[0]); }), 'x');
}

TEST_P(readiness, comes_while_a_task_waits) {
  connected c(true);
  auto const both = [&]() -> task<char> {
    char got = 0;
    auto const body = [&](group& g) -> task<> {
      g.spawn([&]() -> task<> { got = co_await read_one(c.ends[0]); });
      for (int i = 0; i != 5; ++i) co_await yield();
      co_await write_one(c.ends[1], 'y');
    };
    co_await with_group(body);
    co_return got;
  };
  EXPECT_EQ(run(both), 'y');
}

TEST_P(readiness, goes_to_and_fro) {
  connected c;
  auto const both = [&]() -> task<> {
    auto const body = [&](group& g) -> task<> {
      g.spawn(plays, c.ends[0], true, 500);
      g.spawn(plays, c.ends[1], false, 500);
      co_return;
    };
    co_await with_group(body);
  };
  run(both);
}

// One waits to read and one to write, at the same descriptor.
TEST_P(readiness, may_be_waited_for_by_several_at_once) {
  connected c;
  std::vector<char> block(1 << 20);
  while (write(c.ends[0], block.data(), block.size()) > 0) {
  }
  auto const all = [&]() -> task<> {
    auto const body = [&](group& g) -> task<> {
      g.spawn([&]() -> task<> { co_await read_one(c.ends[0]); });
      g.spawn([&]() -> task<> { co_await read_one(c.ends[0]); });
      g.spawn([&] { return write_one(c.ends[0], 'z'); });
      for (int i = 0; i != 5; ++i) co_await yield();
      while (read(c.ends[1], block.data(), block.size()) > 0) {
      }
      co_await write_one(c.ends[1], '1');
      co_await write_one(c.ends[1], '2');
    };
    co_await with_group(body);
  };
  run(all);
}

TEST_P(readiness, comes_with_the_end_of_the_other_side) {
  connected c;
  c.close_second();
  EXPECT_EQ(run([&] { return read_one(c.ends[0]); }), '\0');
}

TEST_P(readiness, ends_with_a_stop_and_the_descriptor_can_be_used_again) {
  connected c;
  auto const times_out = [&]() -> task<bool> {
    auto const waits = [&]() -> task<> { co_await readable(c.ends[0]); };
    bool late = false;
    try {
      co_await with_timeout(2ms, waits);
    } catch (timed_out const&) {
      late = true;
    }
    co_await write_one(c.ends[1], 'w');
    char const got = co_await read_one(c.ends[0]);
    co_return late&& got == 'w';
  };
  for (int i = 0; i != 5; ++i) EXPECT_TRUE(run(times_out));
}

TEST_P(readiness, of_a_file_is_never_waited_for) {
  std::FILE* const file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  int const fd = fileno(file);
  run([&]() -> task<> {
    co_await readable(fd);
    co_await writable(fd);
  });
  std::fclose(file);
}

TEST_P(readiness, of_nothing_is_an_error) {
  auto const waits = [](int fd) -> task<> { co_await readable(fd); };
  for (int const fd : {-1, 1'000'000}) {
    try {
      run([&] { return waits(fd); });
      ADD_FAILURE() << fd;
    } catch (std::system_error const& e) {
      EXPECT_EQ(e.code(), std::errc::bad_file_descriptor);
    }
  }
}

// Many that wait, each stopped as its letter comes.
TEST_P(readiness, and_stops_race) {
  for (int round = 0; round != 50; ++round) {
    connected c(true);
    auto const races = [&]() -> task<> {
      auto const body = [&](group& g) -> task<> {
        for (int i = 0; i != 4; ++i) g.spawn([&]() -> task<> { co_await readable(c.ends[0]); });
        for (int i = 0; i != round % 7; ++i) co_await yield();
        co_await write_one(c.ends[1], 'x');
        g.stop();
      };
      co_await with_group(body);
    };
    run(races);
  }
}

INSTANTIATE_TEST_SUITE_P(on, readiness, testing::Values(0, 1, 2), [](auto const& p) {
  return p.param == 0 ? std::string("a_loop") : "a_pool_of_" + std::to_string(p.param);
});

TEST(readiness_elsewhere, is_refused) {
  connected c;
  manual_executor by_hand;
  auto f = by_hand.submit([&]() -> task<> { co_await readable(c.ends[0]); });
  try {
    f.blocking_get();
    ADD_FAILURE();
  } catch (std::system_error const& e) {
    EXPECT_EQ(e.code(), std::errc::not_supported);
  }
}

}  // namespace
}  // namespace quartet
