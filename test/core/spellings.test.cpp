// SPDX-License-Identifier: Apache-2.0
// Each way to write a co_await that the documents call safe destroys its temporaries once, on
// GCC 12 too, which destroys some twice. Sanitizers run under Clang, so we count.
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include <quartet/core/executor.hpp>
#include <quartet/core/group.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/core/yield.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/sync/channel.hpp>

using namespace quartet;
using namespace std::chrono_literals;

namespace {

// Counts what lives. A second destruction makes the count negative, or finds the mark gone.
struct counted {
  static inline int alive = 0;
  static inline int wrong = 0;

  counted() noexcept { ++alive; }
  explicit counted(int n) noexcept : value(n) { ++alive; }
  counted(counted const& o) noexcept : value(o.value) { ++alive; }
  counted(counted&& o) noexcept : value(o.value) { ++alive; }
  counted& operator=(counted const&) = default;
  ~counted() {
    if (self != this || mark != 0x5a5a) ++wrong;
    mark = 0;
    --alive;
  }
  int value = 60;
  unsigned mark = 0x5a5a;
  counted const* self = this;
};

struct adder {
  explicit adder(int n) : c(n) {}
  int operator()() const { return c.value; }
  counted c;
};

counted make(int n) { return counted(n); }
int value_of(counted const& c) { return c.value; }
task<int> value_later(counted c) {
  co_await yield();
  co_return c.value;
}

class spellings : public testing::Test {
 protected:
  void SetUp() override { counted::alive = counted::wrong = 0; }

  // Runs `f(loop)` and expects 60, and that each of the counted was destroyed once.
  template <class F> void expect_60(F f) {
    {
      event_loop loop;
      EXPECT_EQ(loop.run(f, &loop), 60);
    }
    EXPECT_EQ(counted::alive, 0);
    EXPECT_EQ(counted::wrong, 0);
  }
};

}  // namespace

TEST_F(spellings, the_count_sees_a_double_destruction) {
  alignas(counted) unsigned char raw[sizeof(counted)];
  auto* const c = new (raw) counted;
  c->~counted();
  auto volatile again = c;
  counted* const gone = again;
  gone->~counted();
  EXPECT_EQ(counted::alive, -1);
}

TEST_F(spellings, a_task_made_from_values) {
  expect_60([](event_loop*) -> task<int> {
    counted c;
    int const n = co_await value_later(c);
    EXPECT_EQ(n, co_await value_later(std::move(c)));
    co_return co_await value_later(make(60));
  });
}

TEST_F(spellings, submit_with_a_function_and_arguments) {
  expect_60([](event_loop* loop) -> task<int> {
    counted const c;
    int const n = co_await loop->submit(value_of, c);
    EXPECT_EQ(n, co_await loop->submit(value_later, c));
    co_return co_await loop->submit(value_of, make(60));
  });
}

TEST_F(spellings, submit_with_braced_options) {
  expect_60([](event_loop* loop) -> task<int> {
    std::string const name = "a name that is longer than what fits into a small string";
    counted const c;
    stop_source source;
    co_return co_await loop->submit({.timeout = 1h, .name = name, .stop = &source}, value_of, c);
  });
}

TEST_F(spellings, a_named_closure_copied_or_moved) {
  expect_60([](event_loop* loop) -> task<int> {
    auto compute = [c = counted()] { return c.value; };
    int const n = co_await loop->submit(compute);
    EXPECT_EQ(n, 60);
    co_return co_await loop->submit(std::move(compute));
  });
}

TEST_F(spellings, a_named_object_with_a_call_operator) {
  expect_60([](event_loop* loop) -> task<int> {
    adder const compute(60);
    co_return co_await loop->submit(compute);
  });
}

TEST_F(spellings, a_closure_with_trivial_captures_in_the_expression) {
  expect_60([](event_loop* loop) -> task<int> {
    counted c;
    int const n = co_await loop->submit([&c] { return c.value; });
    // tidy-allow co_await: one of the spellings that this test holds
    co_return co_await loop->submit([n, p = &c] { return n + p->value - 60; });
  });
}

TEST_F(spellings, a_function_pointer_or_a_lambda_without_captures) {
  expect_60([](event_loop* loop) -> task<int> {
    counted c;
    int const n = co_await loop->submit(+[] { return 60; });
    EXPECT_EQ(n, 60);
    co_return co_await loop->submit([](counted const& x) { return x.value; }, c);
  });
}

TEST_F(spellings, a_future_in_a_variable) {
  expect_60([](event_loop* loop) -> task<int> {
    auto f = loop->submit([c = counted()] { return c.value; });
    auto g = loop->submit([c = counted()]() -> task<int> {
      co_await yield();
      co_return c.value;
    });
    int const n = co_await f;
    EXPECT_EQ(n, 60);
    co_return co_await std::move(g);
  });
}

TEST_F(spellings, with_group_and_arguments) {
  expect_60([](event_loop*) -> task<int> {
    counted c;
    auto body = [](group&, counted x) -> task<int> {
      co_await yield();
      co_return x.value;
    };
    int const n = co_await with_group(body, c);
    EXPECT_EQ(n, 60);
    co_return co_await with_group([](group&, counted x) { return x.value; }, c);
  });
}

TEST_F(spellings, with_group_with_braced_options) {
  expect_60([](event_loop*) -> task<int> {
    counted c;
    group_report report;
    co_return co_await with_group(
        // tidy-allow co_await: one of the spellings that this test holds
        group_options{.policy = group_policy::collect_all, .report = &report},
        [](group&, counted x) { return x.value; }, c);
  });
}

TEST_F(spellings, spawn_with_captures_and_with_arguments) {
  expect_60([](event_loop*) -> task<int> {
    int sum = 0;
    co_await with_group(
        [](group& g, int* out) {
          g.spawn([out, c = counted(20)]() -> task<> {
            co_await yield();
            *out += c.value;
          });
          g.spawn([out, c = counted(20)] { *out += c.value; });
          g.spawn(
              {.name = "named"}, [out](counted const& c) { *out += c.value; }, counted(20));
        },
        &sum);
    co_return sum;
  });
}

TEST_F(spellings, scopes_deadlines_and_shields) {
  expect_60([](event_loop*) -> task<int> {
    counted c;
    int const n = co_await with_timeout(1h, value_later, c);
    int const m = co_await with_shield(value_later, c);
    int const k = co_await with_scope(
        [](scope& s, counted x) -> task<int> {
          s.set_deadline(never);
          co_return x.value;
        },
        c);
    EXPECT_EQ(n + m, 2 * k);
    co_return k;
  });
}

TEST_F(spellings, on_another_executor_and_back) {
  expect_60([](event_loop* loop) -> task<int> {
    event_loop& same = *loop;
    counted c;
    co_await hop(same);
    co_return co_await on(same, value_later, c);
  });
}

TEST_F(spellings, several_awaits_in_one_expression_and_in_conditions) {
  expect_60([](event_loop* loop) -> task<int> {
    counted c;
    int const n = co_await value_later(c) + co_await loop->submit(value_of, c) - 60;
    if (auto const m = co_await value_later(c); m != n) co_return 0;
    int sum = 0;
    for (int i = 0; i < 3; ++i) sum += co_await loop->submit(value_of, c);
    EXPECT_EQ(sum, 180);
    co_return n;
  });
}

// GCC 12 loses the whole body of a coroutine function that declares nothing and awaits a temporary
// in the condition of an if, while, for or switch: `if (co_await ready()) work();`. Declared in the
// condition or before it, the result is safe.
namespace {
task<> condition_declares(int* out) {
  if (auto const n = co_await value_later(make(20))) *out += n;
}
task<> loop_declares(int* out) {
  while (auto const n = co_await value_later(make(*out == 20 ? 20 : 0))) *out += n;
}
task<> named_before(int* out) {
  bool const go = co_await value_later(make(1)) == 1;
  if (go) *out += 20;
}
}  // namespace

TEST_F(spellings, conditions_that_declare_the_result_or_find_it_named) {
  expect_60([](event_loop*) -> task<int> {
    int sum = 0;
    co_await condition_declares(&sum);
    co_await loop_declares(&sum);
    co_await named_before(&sum);
    co_return sum;
  });
}

TEST_F(spellings, values_that_move_through_a_channel) {
  expect_60([](event_loop*) -> task<int> {
    channel<counted> pipe(2);
    counted c;
    co_await pipe.send(c);
    co_await pipe.send(std::move(c));
    auto const got = co_await pipe.recv();
    co_return got->value;
  });
}

TEST_F(spellings, an_exception_through_each_of_them) {
  expect_60([](event_loop* loop) -> task<int> {
    counted c;
    auto failing = [](counted) -> task<int> { throw counted(1); };
    int caught = 0;
    try {
      co_await loop->submit(failing, c);
    } catch (counted const& x) {
      caught += x.value;
    }
    try {
      co_await with_timeout(1h, failing, c);
    } catch (counted const& x) {
      caught += x.value;
    }
    co_return 58 + caught;
  });
}
