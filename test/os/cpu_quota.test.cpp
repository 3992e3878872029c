// SPDX-License-Identifier: Apache-2.0
// Quotas read from made-up cgroup trees below a folder of the test, and real ones of version 1.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <vector>

#include <quartet/os/affinity.hpp>
#include <quartet/os/cpu_quota.hpp>
#include <quartet/seam/thread.hpp>

#include "support/cpu_group.hpp"

namespace fs = std::filesystem;
using quartet::os::available_cpus;
using quartet::os::count_workers;
using quartet::os::cpu_quota;
using quartet::os::cpu_quotas;
using quartet::os::default_workers;
using quartet::os::tightest;
using quartet::os::workers_by;
namespace test = quartet::test;

namespace {

// A fake root: proc/self/{cgroup,mountinfo} and cgroup folders.
struct tree {
  std::string const root;
  tree() : root(made()) { fs::create_directories(root + "/proc/self"); }
  ~tree() { fs::remove_all(root); }
  void file(std::string const& path, std::string const& text) const {
    fs::create_directories(fs::path(root + path).parent_path());
    std::ofstream(root + path) << text;
  }
  void version2(std::string const& group, std::string const& shown = "/") const {
    file("/proc/self/cgroup", "0::" + group + "\n");
    file("/proc/self/mountinfo",
         "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
         "30 22 0:26 " +
             shown + " /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n");
  }
  void version1(std::string const& group) const {
    file("/proc/self/cgroup", "4:memory:/elsewhere\n3:cpuset:/x\n2:cpu,cpuacct:" + group + "\n");
    file("/proc/self/mountinfo",
         "30 22 0:26 / /cg/cpuset rw - cgroup cgroup rw,cpuset\n"
         "31 22 0:27 / /cg/cpu rw shared:5 master:1 - cgroup cgroup rw,cpu,cpuacct\n");
  }

 private:
  static std::string made() {
    std::string name = (fs::temp_directory_path() / "quartet-quota-XXXXXX").string();
    return mkdtemp(name.data());
  }
};

struct environment {  // QUARTET_WORKERS for one test
  explicit environment(char const* value) {
    if (char const* old = std::getenv("QUARTET_WORKERS")) before = old, had = true;
    if (value != nullptr)
      setenv("QUARTET_WORKERS", value, 1);
    else
      unsetenv("QUARTET_WORKERS");
  }
  ~environment() {
    if (had)
      setenv("QUARTET_WORKERS", before.c_str(), 1);
    else
      unsetenv("QUARTET_WORKERS");
  }
  std::string before;
  bool had = false;
};

}  // namespace

TEST(cpu_quota, version_2_takes_the_tightest_of_all_ancestors) {
  tree t;
  t.version2("/a/b/c");
  EXPECT_EQ(cpu_quota(t.root), std::nullopt);
  t.file("/sys/fs/cgroup/a/b/c/cpu.max", "max 100000\n");
  EXPECT_EQ(cpu_quota(t.root), std::nullopt);
  t.file("/sys/fs/cgroup/a/b/c/cpu.max", "400000 100000\n");
  EXPECT_EQ(cpu_quota(t.root), 4.0);
  t.file("/sys/fs/cgroup/a/cpu.max", "150000 100000\n");
  EXPECT_EQ(cpu_quota(t.root), 1.5);
  t.file("/sys/fs/cgroup/a/b/cpu.max", "50000 10000\n");
  EXPECT_EQ(cpu_quota(t.root), 1.5);
  t.file("/sys/fs/cgroup/cpu.max", "25000 100000\n");
  EXPECT_EQ(cpu_quota(t.root), 0.25);
}

TEST(cpu_quota, version_1_takes_the_tightest_of_all_ancestors) {
  tree t;
  t.version1("/job/part");
  t.file("/cg/cpu/job/part/cpu.cfs_quota_us", "-1\n");
  t.file("/cg/cpu/job/part/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cpu_quota(t.root), std::nullopt);
  t.file("/cg/cpu/job/cpu.cfs_quota_us", "300000\n");
  t.file("/cg/cpu/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cpu_quota(t.root), 3.0);
  t.file("/cg/cpu/job/part/cpu.cfs_quota_us", "50000\n");
  EXPECT_EQ(cpu_quota(t.root), 0.5);
}

TEST(cpu_quota, both_versions_side_by_side_give_the_smaller) {
  tree t;
  t.file("/proc/self/cgroup", "1:cpu:/one\n0::/two\n");
  t.file("/proc/self/mountinfo",
         "31 22 0:27 / /v1 rw - cgroup cgroup rw,cpu\n32 22 0:28 / /v2 rw - cgroup2 none rw\n");
  t.file("/v1/one/cpu.cfs_quota_us", "700000");
  t.file("/v1/one/cpu.cfs_period_us", "100000");
  t.file("/v2/two/cpu.max", "200000 100000");
  EXPECT_EQ(cpu_quota(t.root), 2.0);
}

TEST(cpu_quota, a_container_that_sees_only_its_own_group_reads_the_mount_point) {
  tree t;
  t.version2("/docker/abc", "/docker/abc");
  t.file("/sys/fs/cgroup/cpu.max", "200000 100000\n");
  EXPECT_EQ(cpu_quota(t.root), 2.0);
  t.version2("/docker/abc/inner", "/docker/abc");
  t.file("/sys/fs/cgroup/inner/cpu.max", "100000 100000\n");
  EXPECT_EQ(cpu_quota(t.root), 1.0);
  t.version2("/docker/abcdef", "/docker/abc");
  EXPECT_EQ(cpu_quota(t.root), 2.0) << "a group whose name only begins alike is outside";
  t.version2("/../../other");
  EXPECT_EQ(cpu_quota(t.root), 2.0) << "a group outside the namespace";
}

TEST(cpu_quota, every_quota_is_named_with_its_cgroup_ours_first) {
  tree t;
  t.version2("/docker/abc/in/it", "/docker/abc");
  t.file("/sys/fs/cgroup/in/it/cpu.max", "400000 100000\n");
  t.file("/sys/fs/cgroup/in/cpu.max", "max 100000\n");
  t.file("/sys/fs/cgroup/cpu.max", "150000 100000\n");
  auto const all = cpu_quotas(t.root);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].folder, "/sys/fs/cgroup/in/it");
  EXPECT_EQ(all[0].group, "/docker/abc/in/it");
  EXPECT_EQ(all[0].cpus, 4.0);
  EXPECT_EQ(all[1].folder, "/sys/fs/cgroup");
  EXPECT_EQ(all[1].group, "/docker/abc");
  EXPECT_EQ(all[1].version, 2);
  EXPECT_EQ(tightest(all), &all[1]);
  EXPECT_EQ(tightest({}), nullptr);
}

TEST(cpu_quota, a_hierarchy_that_is_mounted_twice_is_told_of_once) {
  tree t;
  t.file("/proc/self/cgroup", "1:cpu:/job\n");
  t.file("/proc/self/mountinfo",
         "31 22 0:27 / /first rw - cgroup cgroup rw,cpu\n"
         "32 22 0:27 / /second rw - cgroup cgroup rw,cpu\n");
  for (char const* folder : {"/first/job", "/second/job"}) {
    t.file(std::string(folder) + "/cpu.cfs_quota_us", "50000\n");
    t.file(std::string(folder) + "/cpu.cfs_period_us", "100000\n");
  }
  auto const all = cpu_quotas(t.root);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].folder, "/first/job");
  EXPECT_EQ(all[0].group, "/job");
  EXPECT_EQ(all[0].version, 1);
}

TEST(cpu_quota, the_group_at_the_top_of_a_hierarchy_is_a_slash) {
  tree t;
  t.version2("/");
  t.file("/sys/fs/cgroup/cpu.max", "300000 100000\n");
  auto const all = cpu_quotas(t.root);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].group, "/");
  EXPECT_EQ(all[0].folder, "/sys/fs/cgroup");
}

TEST(cpu_quota, two_dots_at_the_front_of_a_name_are_no_way_up) {
  tree t;
  t.version2("/..job");
  t.file("/sys/fs/cgroup/..job/cpu.max", "200000 100000\n");
  EXPECT_EQ(cpu_quota(t.root), 2.0);
  t.version2("/job/..");
  t.file("/sys/fs/cgroup/job/cpu.max", "100000 100000\n");
  EXPECT_EQ(cpu_quota(t.root), std::nullopt);
}

TEST(cpu_quota, a_mount_whose_source_has_no_name_is_one) {
  tree t;
  t.file("/proc/self/cgroup", "0::/g\n");
  t.file("/proc/self/mountinfo", "30 22 0:26 / /cg rw - cgroup2  rw\n");
  t.file("/cg/g/cpu.max", "300000 100000\n");
  EXPECT_EQ(cpu_quota(t.root), 3.0);
  t.file("/proc/self/cgroup", "1:cpu:/g\n");
  t.file("/proc/self/mountinfo", "30 22 0:26 / /cg rw - cgroup  rw,cpu\n");
  t.file("/cg/g/cpu.cfs_quota_us", "200000\n");
  t.file("/cg/g/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cpu_quota(t.root), 2.0);
}

TEST(cpu_quota, blanks_in_a_mount_point_are_understood) {
  tree t;
  t.file("/proc/self/cgroup", "0::/g\n");
  t.file("/proc/self/mountinfo", "30 22 0:26 / /my\\040groups rw - cgroup2 cgroup2 rw\n");
  t.file("/my groups/g/cpu.max", "300000 100000\n");
  EXPECT_EQ(cpu_quota(t.root), 3.0);
}

TEST(cpu_quota, missing_and_garbled_files_are_passed_over) {
  EXPECT_EQ(cpu_quota("/no/such/root"), std::nullopt);
  tree t;
  EXPECT_EQ(cpu_quota(t.root), std::nullopt);
  t.file("/proc/self/cgroup", "nonsense\n:\n::::\n0::/g\n");
  t.file("/proc/self/mountinfo",
         "\n-\n1 2 3\n30 22 0:26 / /bad\\04 rw - \n"
         "30 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  for (char const* text :
       {"", "100000", "x 100000", "100000 x", "100000 0", "-5 100000", "0 100000", "inf 1",
        "nan nan", "1e999 1", "100000x 100000", "1e300 1e-300"}) {
    t.file("/sys/fs/cgroup/g/cpu.max", text);
    EXPECT_EQ(cpu_quota(t.root), std::nullopt) << text;
  }
  t.file("/sys/fs/cgroup/cpu.max", "100000 100000\n");
  EXPECT_EQ(cpu_quota(t.root), 1.0) << "an ancestor counts although the group is garbled";
}

TEST(cpu_quota, version_1_with_missing_and_garbled_files_has_no_quota) {
  tree t;
  t.version1("/job");
  EXPECT_EQ(cpu_quota(t.root), std::nullopt);
  t.file("/cg/cpu/job/cpu.cfs_quota_us", "50000\n");
  EXPECT_EQ(cpu_quota(t.root), std::nullopt) << "without a period";
  for (char const* period : {"", "0", "-1", "often"}) {
    t.file("/cg/cpu/job/cpu.cfs_period_us", period);
    EXPECT_EQ(cpu_quota(t.root), std::nullopt) << period;
  }
  t.file("/cg/cpu/job/cpu.cfs_period_us", "100000");
  EXPECT_EQ(cpu_quota(t.root), 0.5);
  for (char const* quota : {"", "0", "-1", "some"}) {
    t.file("/cg/cpu/job/cpu.cfs_quota_us", quota);
    EXPECT_EQ(cpu_quota(t.root), std::nullopt) << quota;
  }
}

TEST(cpu_quota, a_folder_in_the_place_of_a_file_is_passed_over) {
  tree t;
  t.version2("/g");
  fs::create_directories(t.root + "/sys/fs/cgroup/g/cpu.max");
  EXPECT_EQ(cpu_quota(t.root), std::nullopt);
  fs::remove(t.root + "/proc/self/cgroup");
  fs::create_directories(t.root + "/proc/self/cgroup");
  EXPECT_EQ(available_cpus(t.root), quartet::os::affinity().size());
}

TEST(cpu_quota, available_cpus_rounds_up_and_is_at_least_one) {
  tree t;
  t.version2("/g");
  t.file("/sys/fs/cgroup/g/cpu.max", "100 100000\n");
  EXPECT_EQ(available_cpus(t.root), 1u);
  t.file("/sys/fs/cgroup/g/cpu.max", "1e-300 1e300\n");
  EXPECT_EQ(available_cpus(t.root), 1u) << "less than a number can hold";
  auto const cpus = static_cast<unsigned>(quartet::os::affinity().size());
  t.file("/sys/fs/cgroup/g/cpu.max", "150000 100000\n");
  EXPECT_EQ(available_cpus(t.root), std::min(2u, cpus));
  t.file("/sys/fs/cgroup/g/cpu.max", "99900000000 100000\n");
  EXPECT_EQ(available_cpus(t.root), cpus);
  EXPECT_GE(available_cpus(), 1u);
}

TEST(cpu_quota, what_is_counted_is_told) {
  environment const e(nullptr);
  tree t;
  t.version2("/a/b");
  auto const cpus = static_cast<unsigned>(quartet::os::affinity().size());
  auto c = count_workers(t.root);
  EXPECT_EQ(c.affinity, cpus);
  EXPECT_EQ(c.cpus, cpus);
  EXPECT_EQ(c.workers, cpus);
  EXPECT_EQ(c.by, workers_by::affinity);
  EXPECT_TRUE(c.quotas.empty());
  EXPECT_EQ(c.variable, std::nullopt);
  EXPECT_EQ(c.refusal, "");
  t.file("/sys/fs/cgroup/a/b/cpu.max", "9900000 100000\n");
  t.file("/sys/fs/cgroup/a/cpu.max", "50000 100000\n");
  c = count_workers(t.root);
  EXPECT_EQ(c.quotas.size(), 2u);
  EXPECT_EQ(c.cpus, 1u);
  EXPECT_EQ(c.workers, 1u);
  EXPECT_EQ(c.by, cpus == 1 ? workers_by::affinity : workers_by::quota);
}

TEST(cpu_quota, the_environment_overrides_the_number_of_workers) {
  {
    environment const e("7");
    EXPECT_EQ(default_workers(), 7u);
    auto const c = count_workers();
    EXPECT_EQ(c.workers, 7u);
    EXPECT_EQ(c.by, workers_by::variable);
    EXPECT_EQ(c.variable, "7");
    EXPECT_EQ(c.cpus, available_cpus()) << "what there would be without it is told all the same";
  }
  environment const e(nullptr);
  EXPECT_EQ(default_workers(), available_cpus());
}

TEST(cpu_quota, garbage_in_the_environment_is_an_error_that_quotes_it) {
  for (std::string const text :
       {"", "0", "-1", "many", "4x", " 4", "4097", "99999999999999999999", "2.5"}) {
    environment const e(text.c_str());
    std::string const expected =
        "QUARTET_WORKERS is \"" + text +
        "\", which is no number of workers: give one from 1 to 4096, or unset it";
    auto const c = count_workers();
    EXPECT_EQ(c.refusal, expected);
    EXPECT_EQ(c.workers, 0u);
    EXPECT_EQ(c.variable, text);
    try {
      default_workers();
      FAIL() << "accepted \"" << text << '"';
    } catch (std::invalid_argument const& error) {
      EXPECT_EQ(std::string(error.what()), expected);
    }
  }
}

TEST(cpu_quota, a_changed_affinity_is_seen_by_whoever_counts_again) {
  auto const all = quartet::os::affinity();
  if (all.size() < 2) GTEST_SKIP() << "needs two CPUs";
  environment const e(nullptr);
  std::vector<unsigned> counted;
  quartet::seam::thread([&] {
    quartet::os::set_affinity(std::vector{all[0]});
    counted.push_back(default_workers());
    quartet::os::set_affinity(std::vector{all[0], all[1]});
    counted.push_back(default_workers());
  }).join();
  EXPECT_EQ(counted[0], 1u);
  EXPECT_EQ(counted[1], std::min(2u, available_cpus()));
}

// The cgroups are real: a kernel's own files, its own mountinfo, a process that was moved.
TEST(cpu_quota, real_quotas_of_version_1_are_seen_and_seen_again_when_they_change) {
  environment const e(nullptr);
  auto const went = test::in_cpu_group([](test::cpu_group const& group) {
    unsigned const unlimited = available_cpus();
    group.outer_quota(1.5);
    EXPECT_EQ(cpu_quota(), 1.5);
    EXPECT_EQ(available_cpus(), std::min(2u, unlimited));
    group.outer_quota(0.5);
    EXPECT_EQ(cpu_quota(), 0.5);
    EXPECT_EQ(default_workers(), 1u);
    group.inner_quota(0.25);
    auto const all = cpu_quotas();
    EXPECT_EQ(all.size(), 2u) << "once each, although the hierarchy may be mounted twice";
    EXPECT_TRUE(all.at(0).group.ends_with("/inner")) << all[0].group;
    EXPECT_TRUE(all[0].folder.ends_with(all[0].group)) << all[0].folder;
    EXPECT_EQ(all[0].version, 1);
    EXPECT_EQ(all[0].cpus, 0.25);
    EXPECT_EQ(all.at(1).cpus, 0.5);
    group.inner_quota({});
    group.outer_quota({});
    EXPECT_EQ(cpu_quota(), std::nullopt);
    EXPECT_EQ(available_cpus(), unlimited);
  });
  if (went == test::in_group::impossible) GTEST_SKIP() << test::no_cpu_group;
  EXPECT_EQ(went, test::in_group::well);
}
