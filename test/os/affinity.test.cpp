// SPDX-License-Identifier: Apache-2.0
// Affinity, changed in a thread of its own so that the other tests keep theirs.
#include <algorithm>
#include <gtest/gtest.h>
#include <sched.h>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <quartet/os/affinity.hpp>
#include <quartet/os/cpu_quota.hpp>
#include <quartet/seam/thread.hpp>

using namespace quartet;

TEST(affinity, names_the_cpus_of_the_calling_thread_in_order) {
  auto const cpus = os::affinity();
  ASSERT_FALSE(cpus.empty());
  EXPECT_TRUE(std::is_sorted(cpus.begin(), cpus.end()));
  EXPECT_NE(std::find(cpus.begin(), cpus.end(), static_cast<unsigned>(sched_getcpu())), cpus.end());
}

TEST(affinity, a_confined_thread_has_one_cpu_available) {
  std::vector<unsigned> const last{os::affinity().back()};
  std::vector<unsigned> seen;
  unsigned available = 0;
  seam::thread([&] {
    os::set_affinity(last);
    seen = os::affinity();
    available = os::available_cpus();
  }).join();
  EXPECT_EQ(seen, last);
  EXPECT_EQ(available, 1u);
}

TEST(affinity, whoever_is_confined_sees_that_the_machine_has_more) {
  unsigned const all = os::online_cpus();
  EXPECT_GE(all, os::affinity().size());
  std::vector<unsigned> const last{os::affinity().back()};
  seam::thread([&] {
    os::set_affinity(last);
    EXPECT_EQ(os::online_cpus(), all);
  }).join();
}

TEST(affinity, refuses_no_cpu_and_cpus_that_do_not_exist) {
  EXPECT_THROW(os::set_affinity({}), std::invalid_argument);
  std::vector<unsigned> const none{500'000};
  EXPECT_THROW(os::set_affinity(none), std::system_error);
}
