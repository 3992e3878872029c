// SPDX-License-Identifier: Apache-2.0
// Chains of tasks, read as a watchdog reads them.
#include <gtest/gtest.h>

#include <quartet/core/context.hpp>
#include <quartet/core/detail/task_chain.hpp>
#include <quartet/core/group.hpp>
#include <quartet/core/scope.hpp>
#include <quartet/exec/loop/event_loop.hpp>
#include <quartet/os/thread_look.hpp>

namespace quartet {
namespace {

std::size_t copy_nothing(void*, void const*, std::size_t) noexcept { return 0; }

std::vector<detail::task_line> chain_here(detail::task_chain::copier copy = &os::copy_memory) {
  return detail::task_chain(copy).of(current_execution()->task);
}

std::string names(std::vector<detail::task_line> const& chain) {
  std::string all;
  for (auto const& t : chain) all += (t.name.empty() ? "?" : t.name) + " ";
  return all;
}

TEST(task_chain, outside_of_tasks_is_empty) {
  task_context* const none = nullptr;
  EXPECT_TRUE(detail::task_chain(&os::copy_memory).of(none).empty());
}

TEST(task_chain, a_task_has_its_name_and_where_it_was_spawned) {
  event_loop loop;
  place const here = place::here();
  auto const chain = loop.submit({.name = "one"}, [] { return chain_here(); }).blocking_get();
  ASSERT_EQ(chain.size(), 1u);
  EXPECT_EQ(chain[0].name, "one");
  EXPECT_NE(chain[0].place.find("task_chain.test.cpp:" + std::to_string(here.line + 1)),
            std::string::npos)
      << chain[0].place;
}

TEST(task_chain, a_task_comes_before_whoever_started_it) {
  event_loop loop;
  std::string seen;
  auto const child = [&] { seen = names(chain_here()); };
  auto const body = [&](group& g) -> task<> {
    g.spawn({.name = "child"}, child);
    co_return;
  };
  auto const in_scopes = [&]() -> task<> {
    co_await with_timeout(std::chrono::hours(1), [&]() -> task<> { co_await with_group(body); });
  };
  auto const parent = [&]() -> task<> { co_await loop.submit({.name = "middle"}, in_scopes); };
  loop.submit({.name = "parent"}, parent).blocking_get();
  EXPECT_EQ(seen, "child middle parent ");
}

// Its own scopes do not count as somebody who started it.
TEST(task_chain, a_task_inside_its_own_scopes_is_named_once) {
  event_loop loop;
  std::string seen;
  auto const within = [&]() -> task<> {
    seen = names(chain_here());
    co_return;
  };
  loop.submit({.timeout = std::chrono::hours(1), .name = "one"},
              [&]() -> task<> { co_await with_timeout(std::chrono::hours(2), within); })
      .blocking_get();
  EXPECT_EQ(seen, "one ");
}

TEST(task_chain, memory_that_cannot_be_read_ends_the_chain) {
  event_loop loop;
  EXPECT_TRUE(loop.submit([] { return chain_here(&copy_nothing); }).blocking_get().empty());
}

TEST(task_chain, what_was_a_task_is_none_any_more) {
  alignas(task_context) char bytes[sizeof(task_context)] = {};
  auto* const gone = reinterpret_cast<task_context*>(bytes);
  EXPECT_TRUE(detail::task_chain(&os::copy_memory).of(gone).empty());
}

}  // namespace
}  // namespace quartet
