// SPDX-License-Identifier: Apache-2.0
// Calls in worker processes: values, errors, sizes, many at once.
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <numeric>
#include <sys/resource.h>
#include <system_error>
#include <thread>

#include <quartet/base/errors.hpp>
#include <quartet/exec/processes/process_pool.hpp>
#include <quartet/exec/threads/thread_pool.hpp>
#include <quartet/os/fd.hpp>
#include <quartet/wire/error.hpp>

#include "support.hpp"

using namespace quartet;

namespace {

std::size_t length(std::string const& text) { return text.size(); }

/// Leaves the process so many descriptors to open, until it is destroyed.
class few_descriptors {
 public:
  explicit few_descriptors(std::size_t left) {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit const lower{256, before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &lower);
    for (int f; (f = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) held_.emplace_back(f);
    held_.resize(held_.size() - left);
  }
  ~few_descriptors() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_;
  std::vector<os::fd> held_;
};

/// Refuses to send so many messages.
struct refusing_machine final : seam::machine {
  std::ptrdiff_t send(int fd, msghdr const* message, int flags) noexcept override {
    if (refuse.load() == 0) return seam::machine::send(fd, message, flags);
    --refuse;
    errno = ENOBUFS;
    return -1;
  }
  std::atomic<int> refuse{0};
};

struct point {
  int x = 0;
  std::string name;
  std::vector<double> weights;
  bool operator==(point const&) const = default;
};
point moved(point p, int by) {
  p.x += by;
  p.name += "'";
  return p;
}
int throws_out_of_range(int i) { throw std::out_of_range("no item " + std::to_string(i)); }
struct own_failure {
  int code;
};
void throws_its_own() { throw own_failure{7}; }
void throws_stopped() { throw stopped(); }
std::unique_ptr<int> incremented(std::unique_ptr<int> p) {
  ++*p;
  return p;
}
std::vector<unsigned char> reversed(std::vector<unsigned char> bytes) {
  return {bytes.rbegin(), bytes.rend()};
}
std::size_t size_of(std::vector<unsigned char> const& bytes) { return bytes.size(); }
std::vector<unsigned char> bytes_of_size(std::size_t n) {
  std::vector<unsigned char> all(n);
  std::iota(all.begin(), all.end(), static_cast<unsigned char>(0));
  return all;
}
task<int> sum_with_pauses(int n) {
  int sum = 0;
  for (int i = 1; i <= n; ++i) {
    sum += i;
    co_await yield();
    co_await sleep_for(std::chrono::microseconds(10));
  }
  co_return sum;
}
task<void> fails_later() {
  co_await yield();
  throw std::invalid_argument("later");
}
int through_a_pool_of_its_own(int x) {
  process_pool inner({.workers = 1});
  return inner.submit(twice, x).blocking_get() + 1;
}
std::string environment(std::string const& name) {
  char const* const value = getenv(name.c_str());
  return value == nullptr ? "" : value;
}

struct cannot_be_written {
  int x;
};
struct cannot_be_read {
  int x;
};

}  // namespace

template <> struct quartet::codec<cannot_be_written> {
  static void encode(cannot_be_written const&, wire::writer&) {
    throw std::domain_error("cannot be written");
  }
  static cannot_be_written decode(wire::reader& in) { return {in.raw<int>()}; }
};
template <> struct quartet::codec<cannot_be_read> {
  static void encode(cannot_be_read const& v, wire::writer& out) { out.raw(v.x); }
  static cannot_be_read decode(wire::reader&) { throw std::domain_error("cannot be read"); }
};

namespace {
int takes_unwritable(cannot_be_written v) { return v.x; }
int takes_unreadable(cannot_be_read v) { return v.x; }
cannot_be_written gives_unwritable(int x) { return {x}; }
cannot_be_read gives_unreadable(int x) { return {x}; }
}  // namespace

TEST(process_pool, a_function_gets_its_arguments_and_gives_its_value_from_another_process) {
  process_pool pool({.workers = 2});
  EXPECT_EQ(pool.submit(twice, 21).blocking_get(), 42);
  EXPECT_NE(pool.submit(worker_pid).blocking_get(), getpid());
  point const p{1, "one", {0.5, 1.5}};
  EXPECT_EQ(pool.submit(moved, p, 2).blocking_get(), (point{3, "one'", {0.5, 1.5}}));
  EXPECT_EQ(
      pool.submit([](std::string s) { return s + "!"; }, std::string("lambda")).blocking_get(),
      "lambda!");
  EXPECT_EQ(pool.submit(quartet::bind(fn<&moved>, p), 5).blocking_get().x, 6);
}

TEST(process_pool, values_that_can_only_be_moved_travel_both_ways) {
  process_pool pool({.workers = 1});
  EXPECT_EQ(*pool.submit(incremented, std::make_unique<int>(4)).blocking_get(), 5);
}

TEST(process_pool, errors_arrive_with_their_type_and_words) {
  process_pool pool({.workers = 1});
  try {
    pool.submit(throws_out_of_range, 3).blocking_get();
    FAIL();
  } catch (std::out_of_range const& e) {
    EXPECT_STREQ(e.what(), "no item 3");
  }
  try {
    pool.submit(throws_its_own).blocking_get();
    FAIL();
  } catch (remote_error const& e) {
    EXPECT_NE(e.type_name().find("own_failure"), std::string::npos);
  }
  EXPECT_THROW(pool.submit(throws_stopped).blocking_get(), stopped);
  EXPECT_EQ(pool.submit(twice, 1).blocking_get(), 2);
}

TEST(process_pool, what_cannot_be_encoded_or_decoded_fails_its_own_call_alone) {
  process_pool pool({.workers = 1});
  int const before = pool.submit(worker_pid).blocking_get();
  for (int i = 0; i < 20; ++i) {
    EXPECT_THROW(pool.submit(takes_unwritable, cannot_be_written{1}).blocking_get(),
                 std::domain_error);
    EXPECT_THROW(pool.submit(takes_unreadable, cannot_be_read{1}).blocking_get(),
                 std::domain_error);
    EXPECT_THROW(pool.submit(gives_unwritable, 1).blocking_get(), std::domain_error);
    EXPECT_THROW(pool.submit(gives_unreadable, 1).blocking_get(), std::domain_error);
    EXPECT_EQ(pool.submit(twice, i).blocking_get(), 2 * i);
  }
  EXPECT_EQ(pool.submit(worker_pid).blocking_get(), before);
}

TEST(process_pool, coroutine_functions_run_on_a_loop_in_the_worker) {
  process_pool pool({.workers = 2});
  EXPECT_EQ(pool.submit(sum_with_pauses, 10).blocking_get(), 55);
  EXPECT_THROW(pool.submit(fails_later).blocking_get(), std::invalid_argument);
}

TEST(process_pool, payloads_of_any_size_travel_both_ways) {
  process_pool pool({.workers = 1});
  for (std::size_t const n : {0UL, 1UL, 15'000UL, 16'384UL, 16'385UL, 70'000UL, 20'000'000UL}) {
    auto const bytes = bytes_of_size(n);
    EXPECT_EQ(pool.submit(size_of, bytes).blocking_get(), n);
    EXPECT_EQ(pool.submit(bytes_of_size, n).blocking_get(), bytes) << n;
    EXPECT_EQ(pool.submit(reversed, bytes).blocking_get(),
              (std::vector<unsigned char>(bytes.rbegin(), bytes.rend())));
  }
}

TEST(process_pool, a_payload_too_large_to_keep_warm_travels_again_and_again) {
  process_pool pool({.workers = 1});
  auto const bytes = bytes_of_size(100'000'000);
  for (int i = 0; i < 2; ++i) {
    auto const back = pool.submit(reversed, bytes).blocking_get();
    ASSERT_EQ(back.size(), bytes.size());
    EXPECT_EQ(back.front(), bytes.back());
  }
}

TEST(process_pool, many_large_payloads_wait_for_their_turn) {
  process_pool pool({.workers = 2});
  auto const bytes = bytes_of_size(300'000);
  std::vector<future<std::vector<unsigned char>>> all;
  for (int i = 0; i < 50; ++i) all.push_back(pool.submit(reversed, bytes));
  for (auto& f : all) EXPECT_EQ(f.blocking_get().size(), bytes.size());
}

TEST(process_pool, ten_thousand_tiny_calls_give_ten_thousand_values) {
  process_pool pool({.workers = 2});
  std::vector<future<int>> all;
  for (int i = 0; i < 10'000; ++i) all.push_back(pool.submit(twice, i));
  for (int i = 0; i < 10'000; ++i)
    EXPECT_EQ(all[static_cast<std::size_t>(i)].blocking_get(), 2 * i);
}

TEST(process_pool, calls_of_all_sizes_at_once_keep_their_values_apart) {
  process_pool pool({.workers = 2});
  std::vector<future<std::vector<unsigned char>>> all;
  for (std::size_t i = 0; i < 600; ++i) all.push_back(pool.submit(bytes_of_size, i * 37));
  for (std::size_t i = 0; i < 600; ++i) EXPECT_EQ(all[i].blocking_get(), bytes_of_size(i * 37));
}

TEST(process_pool, four_threads_submit_at_once) {
  process_pool pool({.workers = 2});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&pool, t] {
      for (int i = 0; i < 200; ++i) {
        int const x = 1000 * t + i;
        EXPECT_EQ(pool.submit(twice, x).blocking_get(), 2 * x);
      }
    });
  for (auto& t : threads) t.join();
}

TEST(process_pool, a_call_in_a_worker_may_use_a_pool_of_its_own) {
  process_pool pool({.workers = 1});
  EXPECT_EQ(pool.submit(through_a_pool_of_its_own, 4).blocking_get(), 9);
}

TEST(process_pool, a_call_given_by_an_untyped_record_without_remote_operations_fails_with_words) {
  process_pool pool({.workers = 1});
  struct untyped : call {
    std::string words;
  } c;
  c.fail = [](call& self, std::size_t, std::size_t, ending, std::exception_ptr e) noexcept {
    try {
      std::rethrow_exception(e);
    } catch (std::invalid_argument const& what) {
      static_cast<untyped&>(self).words = what.what();
    }
  };
  pool.start(c);
  pool.submit(twice, 1).blocking_get();
  EXPECT_NE(c.words.find("cannot be sent"), std::string::npos);
}

TEST(process_pool, warm_starts_all_workers) {
  process_pool pool({.workers = 3});
  EXPECT_TRUE(pool.pids().empty());
  pool.warm();
  EXPECT_EQ(pool.workers(), 3U);
  auto const pids = pool.pids();
  ASSERT_EQ(pids.size(), 3U);
  for (int const pid : pids) EXPECT_TRUE(lives(pid));
}

TEST(process_pool, warm_says_so_when_not_all_workers_can_be_had) {
  // Looked at by the sanitizer while it still has the descriptors that it needs for that.
  std::system_error const looked_at(EMFILE, std::generic_category());
  ASSERT_EQ(looked_at.code(), std::errc::too_many_files_open);
  process_pool pool({.workers = 6});
  EXPECT_EQ(pool.submit(twice, 1).blocking_get(), 2);
  {
    few_descriptors const six(6);
    EXPECT_THROW(pool.warm(), std::system_error);
  }
  EXPECT_EQ(pool.submit(twice, 2).blocking_get(), 4);
  pool.warm();
  EXPECT_EQ(pool.pids().size(), 6U);
}

TEST(process_pool, a_large_argument_that_could_not_be_sent_harms_no_other) {
  refusing_machine machine;
  seam::machine_scope const on(machine);
  process_pool pool({.workers = 1});
  EXPECT_EQ(pool.submit(length, std::string(1000, 'x')).blocking_get(), 1000U);
  machine.refuse = 1;
  EXPECT_THROW(pool.submit(length, std::string(100'000, 'x')).blocking_get(), std::system_error);
  EXPECT_EQ(pool.submit(length, std::string(100'000, 'x')).blocking_get(), 100'000U);
}

TEST(process_pool, an_absurd_number_of_workers_is_refused_with_the_limit) {
  EXPECT_THROW(process_pool({.workers = 1'000'000}), std::invalid_argument);
}

TEST(process_pool, libraries_in_a_worker_get_their_share_of_the_processors) {
  process_pool pool({.workers = 4096});
  if (getenv("OMP_NUM_THREADS") != nullptr) GTEST_SKIP() << "needs OMP_NUM_THREADS unset";
  EXPECT_EQ(pool.submit(environment, std::string("OMP_NUM_THREADS")).blocking_get(), "1");
}

TEST(process_pool, fifty_pools_leave_no_descriptor_and_no_zombie) {
  { process_pool(pool_options{.workers = 1}).submit(twice, 1).blocking_get(); }
  std::size_t const before = open_descriptors();
  std::vector<int> const others = children();  // a sanitizer may have some
  for (int i = 0; i < 50; ++i) {
    process_pool pool({.workers = 2});
    EXPECT_EQ(pool.submit(twice, i).blocking_get(), 2 * i);
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(children(), others);
}

namespace {

void hold(std::string const& begun, std::string const& go) {
  touch(begun);
  wait_for_file(go);
}
/// How many such calls have begun in this process.
int next_number() {
  static int calls = 0;
  return ++calls;
}

}  // namespace

TEST(process_pool, whoever_waits_for_a_lower_call_raises_it) {
  scratch_folder scratch;
  thread_pool threads({.workers = 1});
  process_pool pool({.workers = 1});
  auto held = pool.submit(hold, scratch.file("begun"), scratch.file("go"));
  wait_for_file(scratch.file("begun"));
  auto first = pool.submit(next_number), second = pool.submit(next_number);
  auto low = pool.submit({.level = priority::background}, next_number);
  auto last = pool.submit({.level = priority::background}, next_number);
  auto const waits = [&]() -> task<int> { co_return co_await low; };
  auto raised = threads.submit({.level = priority::high}, waits);
  threads.submit([] {}).blocking_get();  // the other one waits by now
  touch(scratch.file("go"));
  EXPECT_EQ(raised.blocking_get(), 1);
  EXPECT_EQ(first.blocking_get(), 2);
  EXPECT_EQ(second.blocking_get(), 3);
  EXPECT_EQ(last.blocking_get(), 4);
  held.blocking_get();
}
