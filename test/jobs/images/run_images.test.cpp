// SPDX-License-Identifier: Apache-2.0
// Many images on each model: sums, listeners, stop.
#include <gtest/gtest.h>
#include <set>

#include <quartet/core/observer.hpp>
#include <quartet/jobs/images/plan_images.hpp>
#include <quartet/jobs/images/run_images.hpp>
#include <quartet/models/make_executor.hpp>
#include <quartet/seam/atomic.hpp>

#include "support.hpp"

using namespace quartet;
using namespace quartet::jobs;

namespace {

class counting final : public observer {
 public:
  void on_added(std::size_t n) noexcept override { added.fetch_add(n, seam::relaxed); }
  void on_ended(ending) noexcept override { ended.fetch_add(1, seam::relaxed); }
  seam::atomic<std::size_t> added{0};
  seam::atomic<std::size_t> ended{0};
};

class run_images_on : public testing::TestWithParam<std::string> {};

}  // namespace

TEST_P(run_images_on, sums_up_what_became_of_each_and_tells_it_once) {
  image_test::temporary_folder folder;
  auto const tasks = plan_images(image_test::photos(), folder / "out");
  any_executor on = make_executor(GetParam(), {.workers = 2});
  counting progress;
  std::multiset<std::string> told;
  images_report const r =
      run_images(on, tasks,
                 {.on_result = [&](image_result const& one) { told.insert(one.input); },
                  .progress = &progress});
  EXPECT_EQ(r.total(), 24u);
  EXPECT_EQ(r.done, 11u);
  EXPECT_EQ(r.unsupported, 10u);
  EXPECT_EQ(r.failed, 3u);
  EXPECT_EQ(r.stopped, 0u);
  EXPECT_GT(r.bytes_in, r.bytes_out);
  EXPECT_GT(r.bytes_out, 0u);
  EXPECT_EQ(told.size(), 24u);
  for (image_task const& t : tasks) EXPECT_EQ(told.count(t.input), 1u) << t.input;
  EXPECT_EQ(progress.added.load(seam::relaxed), 24u);
  EXPECT_EQ(progress.ended.load(seam::relaxed), 24u);
}

TEST_P(run_images_on, nothing_is_begun_after_a_stop) {
  image_test::temporary_folder folder;
  auto const tasks = plan_images(image_test::photos(), folder / "out");
  any_executor on = make_executor(GetParam(), {.workers = 2});
  stop_source stop;
  stop.request();
  images_report const r = run_images(on, tasks, {.stop = &stop});
  EXPECT_EQ(r.stopped, 24u);
  EXPECT_EQ(r.total(), 24u);
  EXPECT_TRUE(folder.everything().empty());
}

TEST_P(run_images_on, no_images_are_an_empty_report) {
  any_executor on = make_executor(GetParam(), {.workers = 1});
  EXPECT_EQ(run_images(on, {}).total(), 0u);
}

INSTANTIATE_TEST_SUITE_P(models, run_images_on,
                         testing::Values("sync", "async", "threads", "processes", "sim"),
                         [](auto const& one) { return one.param; });
