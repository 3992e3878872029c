// SPDX-License-Identifier: Apache-2.0
// Calls that crash, hang, are stopped or time out: each ends alone, and the pool goes on.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <quartet/base/errors.hpp>
#include <quartet/exec/processes/process_pool.hpp>

#include "support.hpp"

using namespace quartet;
using namespace std::chrono_literals;

namespace {

int crash_at(int i, int which) {
  if (i == which) abort();
  return i;
}
// Kills itself while a result of many bytes is being made.
std::vector<char> die_with_a_large_result(int n) {
  std::vector<char> all(static_cast<std::size_t>(n), 'x');
  raise(SIGKILL);
  return all;
}

worker_died death_of(auto f) {
  try {
    f.blocking_get();
  } catch (worker_died const& e) {
    return e;
  }
  ADD_FAILURE() << "it did not die";
  return {0, 0, 0, ""};
}

}  // namespace

TEST(worker_died, names_the_signal_the_process_and_the_call) {
  process_pool pool({.workers = 1});
  int const pid = pool.submit(worker_pid).blocking_get();
  worker_died const e = death_of(pool.submit({.name = "decode"}, crash_by_signal, SIGSEGV));
  EXPECT_EQ(e.pid(), pid);
  EXPECT_EQ(e.signal(), SIGSEGV);
  EXPECT_EQ(e.exit_code(), -1);
  EXPECT_EQ(e.call(), "decode");
  std::string const text = e.what();
  EXPECT_NE(text.find("Segmentation fault"), std::string::npos) << text;
  EXPECT_NE(text.find("decode"), std::string::npos) << text;
  EXPECT_NE(text.find(std::to_string(pid)), std::string::npos) << text;
}

TEST(worker_died, an_abort_and_a_signal_from_outside_are_told_apart) {
  process_pool pool({.workers = 1});
  EXPECT_EQ(death_of(pool.submit(crash_at, 1, 1)).signal(), SIGABRT);
  EXPECT_EQ(death_of(pool.submit(crash_by_signal, SIGTERM)).signal(), SIGTERM);
  EXPECT_EQ(death_of(pool.submit(die_with_a_large_result, 50'000)).signal(), SIGKILL);
  EXPECT_EQ(pool.submit(twice, 2).blocking_get(), 4);
}

TEST(worker_died, an_exit_is_never_a_success_whatever_its_code) {
  process_pool pool({.workers = 1});
  for (int const code : {0, 3}) {
    worker_died const e = death_of(pool.submit(leave_with, code));
    EXPECT_EQ(e.signal(), 0);
    EXPECT_EQ(e.exit_code(), code);
  }
  EXPECT_EQ(pool.submit(twice, 2).blocking_get(), 4);
}

TEST(worker_died, calls_beside_and_behind_the_one_that_crashed_go_on) {
  process_pool pool({.workers = 2});
  std::vector<future<int>> all;
  for (int i = 0; i < 1000; ++i) all.push_back(pool.submit(crash_at, i, i % 100 == 50 ? i : -1));
  int died = 0;
  for (int i = 0; i < 1000; ++i) try {
      EXPECT_EQ(all[static_cast<std::size_t>(i)].blocking_get(), i);
    } catch (worker_died const&) {
      EXPECT_EQ(i % 100, 50);
      ++died;
    }
  EXPECT_EQ(died, 10);
}

TEST(worker_died, a_worker_killed_while_idle_is_replaced_and_nobody_notices) {
  process_pool pool({.workers = 2});
  pool.warm();
  for (int const pid : pool.pids()) {
    kill(pid, SIGKILL);
    wait_for_end(pid);
  }
  EXPECT_EQ(pool.submit(twice, 2).blocking_get(), 4);
  pool.warm();
  EXPECT_EQ(pool.pids().size(), 2U);
}

TEST(worker_died, all_workers_killed_again_and_again_lose_no_other_call) {
  process_pool pool({.workers = 2});
  int values = 0, died = 0;
  for (int round = 0; round < 20; ++round) {
    std::vector<future<int>> all;
    for (int i = 0; i < 200; ++i) all.push_back(pool.submit(twice, i));
    for (int const pid : pool.pids()) kill(pid, SIGKILL);
    for (int i = 0; i < 200; ++i) try {
        EXPECT_EQ(all[static_cast<std::size_t>(i)].blocking_get(), 2 * i);
        ++values;
      } catch (worker_died const&) {
        ++died;
      }
  }
  EXPECT_EQ(values + died, 20 * 200);
  EXPECT_LE(died, 20 * 2);
}

TEST(worker_died, a_zygote_killed_is_replaced) {
  process_pool pool({.workers = 1});
  int const worker = pool.submit(worker_pid).blocking_get();
  int const zygote = pool.submit([] { return static_cast<int>(getppid()); }).blocking_get();
  kill(zygote, SIGKILL);
  wait_for_end(worker);
  EXPECT_EQ(pool.submit(twice, 2).blocking_get(), 4);
  EXPECT_NE(pool.submit([] { return static_cast<int>(getppid()); }).blocking_get(), zygote);
}

TEST(worker_died, the_call_that_runs_when_the_zygote_is_killed_fails_and_the_next_works) {
  scratch_folder folder;
  process_pool pool({.workers = 1});
  int const zygote = pool.submit([] { return static_cast<int>(getppid()); }).blocking_get();
  auto endless = pool.submit(touch_and_spin, folder.file("started"));
  wait_for_file(folder.file("started"));
  kill(zygote, SIGKILL);
  EXPECT_EQ(death_of(std::move(endless)).signal(), SIGKILL);
  EXPECT_EQ(pool.submit(twice, 2).blocking_get(), 4);
}

TEST(worker_died, a_timeout_ends_an_endless_loop_and_nothing_else) {
  process_pool pool({.workers = 2});
  std::vector<future<int>> others;
  auto endless = pool.submit({.timeout = 50ms}, spin_for_ever);
  for (int i = 0; i < 500; ++i) others.push_back(pool.submit(twice, i));
  auto const begin = clock::now();
  EXPECT_THROW(endless.blocking_get(), timed_out);
  EXPECT_GE(clock::now() - begin, 0ms);
  for (int i = 0; i < 500; ++i)
    EXPECT_EQ(others[static_cast<std::size_t>(i)].blocking_get(), 2 * i);
}

TEST(worker_died, the_clock_of_a_timeout_starts_when_the_call_starts) {
  process_pool pool({.workers = 1});
  auto const nap = +[](int ms) { blocking_sleep_for(std::chrono::milliseconds(ms)); };
  auto first = pool.submit(nap, 300);
  auto second = pool.submit({.timeout = 250ms}, nap, 1);
  EXPECT_NO_THROW(first.blocking_get());
  EXPECT_NO_THROW(second.blocking_get());
}

TEST(worker_died, of_many_calls_with_a_timeout_only_the_endless_ones_end_by_it) {
  process_pool pool({.workers = 2});
  std::vector<future<void>> all;
  auto const maybe = +[](bool endless) {
    if (endless) spin_for_ever();
  };
  for (int i = 0; i < 40; ++i) all.push_back(pool.submit({.timeout = 100ms}, maybe, i % 10 == 3));
  for (int i = 0; i < 40; ++i) {
    auto& f = all[static_cast<std::size_t>(i)];
    if (i % 10 == 3) {
      EXPECT_THROW(f.blocking_get(), timed_out);
    } else {
      EXPECT_NO_THROW(f.blocking_get());
    }
  }
}

TEST(worker_died, timeouts_one_after_another_are_all_kept) {
  process_pool pool({.workers = 2});
  for (int i = 0; i < 50; ++i)
    EXPECT_THROW(pool.submit({.timeout = 1ms}, spin_for_ever).blocking_get(), timed_out);
}

TEST(worker_died, a_running_call_that_is_stopped_ends_as_stopped_with_its_worker) {
  scratch_folder folder;
  process_pool pool({.workers = 1});
  auto endless = pool.submit(touch_and_spin, folder.file("started"));
  wait_for_file(folder.file("started"));
  endless.stop();
  EXPECT_THROW(endless.blocking_get(), stopped);
  EXPECT_NE(pool.submit(worker_pid).blocking_get(), number_in(folder.file("started")));
}

TEST(worker_died, a_queued_call_that_is_stopped_never_starts) {
  scratch_folder folder;
  process_pool pool({.workers = 1});
  auto endless = pool.submit(touch_and_spin, folder.file("started"));
  wait_for_file(folder.file("started"));
  auto queued = pool.submit(touch, folder.file("never"));
  queued.stop();
  EXPECT_THROW(queued.blocking_get(), stopped);
  endless.stop();
  EXPECT_THROW(endless.blocking_get(), stopped);
  EXPECT_EQ(pool.submit(twice, 1).blocking_get(), 2);
  EXPECT_FALSE(std::filesystem::exists(folder.file("never")));
}

TEST(worker_died, calls_given_ahead_to_a_worker_that_got_stuck_run_in_another) {
  scratch_folder folder;
  process_pool pool({.workers = 2});
  auto const maybe = +[](int i, std::string const& file) {
    if (i == 777) touch_and_spin(file);
    return i;
  };
  for (int i = 0; i < 3; ++i) pool.submit(maybe, i, folder.file("stuck")).blocking_get();
  std::vector<future<int>> all;
  for (int i = 0; i < 2000; ++i) all.push_back(pool.submit(maybe, i, folder.file("stuck")));
  for (int i = 0; i < 2000; ++i)
    if (i != 777) {
      EXPECT_EQ(all[static_cast<std::size_t>(i)].blocking_get(), i);
    }
  all[777].stop();
  EXPECT_THROW(all[777].blocking_get(), stopped);
}

TEST(worker_died, a_future_dropped_while_its_call_runs_frees_the_worker) {
  scratch_folder folder;
  process_pool pool({.workers = 1});
  {
    auto dropped = pool.submit(touch_and_spin, folder.file("started"));
    wait_for_file(folder.file("started"));
  }
  EXPECT_EQ(pool.submit(twice, 4).blocking_get(), 8);
}

TEST(worker_died, when_the_program_is_killed_its_zygote_and_workers_end) {
  scratch_folder folder;
  pid_t const program = fork();
  if (program == 0) {
    process_pool pool({.workers = 1});
    auto endless = pool.submit(
        +[](std::string const& path) {
          std::ofstream(path + ".tmp") << getpid() << ' ' << getppid() << '\n';
          std::filesystem::rename(path + ".tmp", path);
          spin_for_ever();
        },
        folder.file("pids"));
    endless.blocking_get();
    _exit(0);
  }
  wait_for_file(folder.file("pids"));
  int worker = 0, zygote = 0;
  std::ifstream(folder.file("pids")) >> worker >> zygote;
  EXPECT_TRUE(lives(worker));
  EXPECT_TRUE(lives(zygote));
  kill(program, SIGKILL);
  wait_for_end(worker);
  wait_for_end(zygote);
  waitpid(program, nullptr, 0);
}
