// SPDX-License-Identifier: Apache-2.0
// Quotas read from made-up cgroup trees below a folder of the test.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

#include <quartet/os/affinity.hpp>
#include <quartet/os/cpu_quota.hpp>

namespace fs = std::filesystem;
using quartet::os::available_cpus;
using quartet::os::cpu_quota;

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
  for (char const* text : {"", "100000", "x 100000", "100000 x", "100000 0", "-5 100000",
                           "0 100000", "inf 1", "nan nan", "1e999 1", "100000x 100000"}) {
    t.file("/sys/fs/cgroup/g/cpu.max", text);
    EXPECT_EQ(cpu_quota(t.root), std::nullopt) << text;
  }
  t.file("/sys/fs/cgroup/cpu.max", "100000 100000\n");
  EXPECT_EQ(cpu_quota(t.root), 1.0) << "an ancestor counts although the group is garbled";
}

TEST(cpu_quota, available_cpus_rounds_up_and_is_at_least_one) {
  tree t;
  t.version2("/g");
  t.file("/sys/fs/cgroup/g/cpu.max", "100 100000\n");
  EXPECT_EQ(available_cpus(t.root), 1u);
  auto const cpus = static_cast<unsigned>(quartet::os::affinity().size());
  t.file("/sys/fs/cgroup/g/cpu.max", "150000 100000\n");
  EXPECT_EQ(available_cpus(t.root), std::min(2u, cpus));
  t.file("/sys/fs/cgroup/g/cpu.max", "99900000000 100000\n");
  EXPECT_EQ(available_cpus(t.root), cpus);
  EXPECT_GE(available_cpus(), 1u);
}

TEST(cpu_quota, the_environment_overrides_the_number_of_workers) {
  {
    environment const e("7");
    EXPECT_EQ(quartet::os::default_workers(), 7u);
  }
  environment const e(nullptr);
  EXPECT_EQ(quartet::os::default_workers(), available_cpus());
}

TEST(cpu_quota, garbage_in_the_environment_is_an_error_that_quotes_it) {
  for (char const* text :
       {"", "0", "-1", "many", "4x", " 4", "4097", "99999999999999999999", "2.5"}) {
    environment const e(text);
    try {
      quartet::os::default_workers();
      FAIL() << "accepted \"" << text << '"';
    } catch (std::invalid_argument const& error) {
      EXPECT_EQ(std::string(error.what()),
                "QUARTET_WORKERS is \"" + std::string(text) +
                    "\", which is no number of workers: give one from 1 to 4096, or unset it");
    }
  }
}
