// SPDX-License-Identifier: Apache-2.0
// Models by name.
#include <gtest/gtest.h>

#include <quartet/algo/map.hpp>
#include <quartet/models/make_executor.hpp>

using namespace quartet;

namespace {

int twice(int x) { return 2 * x; }

std::string message_of(std::string_view name) {
  try {
    find_model(name);
  } catch (std::invalid_argument const& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST(make_executor, every_model_runs_the_same_line) {
  for (model const& m : all_models()) {
    any_executor ex = make_executor(m.name, {.workers = m.parallel ? 2u : 0u});
    EXPECT_EQ(map(ex, std::vector{1, 2, 3}, &twice).blocking_get(), (std::vector{2, 4, 6}))
        << m.name;
  }
}

TEST(make_executor, an_unknown_name_lists_the_models_and_guesses) {
  EXPECT_NE(message_of("thread").find("did you mean 'threads'?"), std::string::npos);
  for (model const& m : all_models())
    EXPECT_NE(message_of("fibers").find(m.name), std::string::npos);
  EXPECT_NE(message_of("fibers").find("no model is called 'fibers'. There are: "),
            std::string::npos);
}

TEST(make_executor, a_local_executor_takes_any_callable_and_refuses_processes) {
  any_local_executor ex = make_local_executor("threads", {.workers = 1});
  int k = 5;
  auto const with_capture = [&k](int x) { return x + k; };
  EXPECT_EQ(ex.submit(with_capture, 1).blocking_get(), 6);
  EXPECT_THROW(make_local_executor("processes"), std::invalid_argument);
}

TEST(make_executor, absurd_numbers_of_workers_are_refused_by_every_model) {
  for (model const& m : all_models())
    EXPECT_THROW(make_executor(m.name, {.workers = 1'000'000}), std::invalid_argument) << m.name;
}
