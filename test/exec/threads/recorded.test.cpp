// SPDX-License-Identifier: Apache-2.0
// The real pool on a machine that writes down: each synchronising operation has a kind, an object
// and a place.
#include <chrono>
#include <gtest/gtest.h>
#include <string_view>

#include <quartet/core/yield.hpp>
#include <quartet/exec/threads/thread_pool.hpp>

#include "support/recording_machine.hpp"

namespace quartet {
namespace {

task<int> sleeps_and_yields() {
  co_await sleep_for(std::chrono::milliseconds(1));
  co_await yield();
  co_return 1;
}

TEST(recorded_pool, names_each_operation_with_kind_object_and_place) {
  test::recording_machine machine;
  {
    seam::machine_scope on(machine);
    thread_pool pool{{.workers = 2}};
    int sum = 0;
    for (int i = 0; i < 10; ++i) sum += pool.submit([] { return 1; }).blocking_get();
    sum += pool.submit(sleeps_and_yields).blocking_get();
    // From inside: through the deque.
    sum += pool.submit([&] { return pool.submit([] { return 1; }).blocking_get(); }).blocking_get();
    EXPECT_EQ(sum, 12);
  }
  using seam::kind;
  for (kind k :
       {kind::load, kind::store, kind::compare_exchange, kind::fetch_modify, kind::fence,
        kind::lock, kind::unlock, kind::thread_start, kind::thread_join, kind::clock, kind::poll})
    EXPECT_GT(machine.count(k), 0u) << seam::name(k);
  EXPECT_TRUE(machine.saw(kind::compare_exchange, "sleep_word.hpp"));
  EXPECT_TRUE(machine.saw(kind::lock, "injection.hpp"));
  EXPECT_TRUE(machine.saw(kind::store, "deque.hpp"));
  EXPECT_TRUE(machine.saw(kind::thread_start, "crew.cpp"));
  for (seam::operation const& o : machine.operations()) {
    EXPECT_FALSE(std::string_view(o.where.file).empty()) << seam::name(o.what);
    EXPECT_GT(o.where.line, 0u) << seam::name(o.what);
    bool const has_object =
        o.what != kind::fence && o.what != kind::clock && o.what != kind::thread_yield;
    EXPECT_EQ(o.object != nullptr, has_object) << seam::name(o.what) << " at " << o.where.file;
  }
}

}  // namespace
}  // namespace quartet
