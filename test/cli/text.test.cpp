// SPDX-License-Identifier: Apache-2.0
// The table, the summary and the JSON from known figures.
#include "text.hpp"

#include <gtest/gtest.h>

#include "json.hpp"

using namespace quartet;
using namespace quartet::cli;

namespace {

compare_outcome some_comparison() {
  compare_outcome o;
  o.in = "photos";
  o.rounds = 3;
  o.workers = 2;
  o.machine = {.cpus = 2, .kernel = "6.1.0"};
  o.each = {.done = 1000};
  o.rows = {{.model = "sync",
             .wall = {4.2, 4.1, 4.3},
             .cpu = 4.1,
             .rate = 238,
             .peak_memory = 9'000'000,
             .runs = 3},
            {.model = "threads",
             .workers = 2,
             .wall = {12.34, 2.2, 123.4},
             .cpu = 4.4,
             .rate = 454.54,
             .speed_up = 1.909,
             .peak_memory = 12'345'678,
             .runs = 3}};
  o.advice = {"threads", "the work computes."};
  return o;
}

}  // namespace

TEST(text, the_table_stands_in_columns) {
  EXPECT_EQ(table_of(some_comparison(), false),
            "1000 images (1000 done in each run), 3 rounds of each model in turn, 2 CPUs, Linux "
            "6.1.0\n\n"
            "model      workers   wall s     quartiles s    CPU s images/s speed-up peak memory\n"
            "sync             1     4.20    4.10 to 4.30     4.10      238     1.00      9.0 MB\n"
            "threads          2     12.3     2.20 to 123     4.40      455     1.91       12 MB\n"
            "\nfits best: threads, because the work computes.\n");
}

TEST(text, bugs_stand_in_columns) {
  races_outcome o;
  o.options.stress = std::chrono::milliseconds(1'500);
  o.machine = {.cpus = 1, .kernel = "6.1.0"};
  o.rows = {{"work-stealing pop without lock", {135'944, 23, 20'247}, {100, 100, 9, 0.000'005}},
            {"lost update", {9, 0, 0}, {100, 99, 123, 0.012'345'6}}};
  EXPECT_EQ(head_of(o) + line_of(o.rows[0]) + line_of(o.rows[1]) + foot_of(o),
            "1.5 s of real threads for each bug, then 100 tries of the explorer, 1 CPU, Linux "
            "6.1.0\n\n"
            "                                  real threads                  explorer, medians\n"
            "bug                                 runs   failed  first at        found schedules    "
            "   us\n"
            "work-stealing pop without lock    135944       23     20247   100 of 100         9    "
            " 5.00\n"
            "lost update                            9        0         -    99 of 100       123    "
            "12346\n"
            "\nreal threads have shown 1 of 2 bugs, the explorer 1 in every try\n");
}

TEST(text, the_summary_leaves_out_counts_of_nothing) {
  images_outcome o{.in = "in",
                   .out = "out",
                   .model = "sync",
                   .report = {.done = 1, .bytes_in = 999, .bytes_out = 1'500},
                   .seconds = 0.5,
                   .problems = {}};
  EXPECT_EQ(summary_of(o),
            "1 done of 1 image: 999 bytes read, 1.5 kB written, 0.50 s, 2.00 images/s with sync\n");
  o.report.stopped = 3;
  o.report.failed = 2;
  EXPECT_TRUE(
      summary_of(o).starts_with("1 done, 2 failed, 3 not done because of the stop of 6 images: "));
}

TEST(text, the_doctor_says_how_many_workers_and_why) {
  doctor_outcome o;
  o.workers.affinity = 4;
  o.workers.cpus = o.workers.workers = 2;
  o.workers.by = os::workers_by::quota;
  o.workers.quotas = {{"/sys/fs/cgroup/a/b", "/a/b", 2, 3}, {"/sys/fs/cgroup/a", "/a", 2, 1.5}};
  o.online = 8;
  o.kernel = "6.1.0-13-amd64";
  EXPECT_EQ(findings_of(o),
            "2 workers for a pool that is not told how many: the tightest quota allows 1.50 CPUs, "
            "which fewer could not use up\n\n"
            "affinity         may run on 4 of the 8 CPUs that the system runs\n"
            "quota            3.00 CPUs of cgroup /a/b in /sys/fs/cgroup/a/b\n"
            "quota            1.50 CPUs of cgroup /a in /sys/fs/cgroup/a, the tightest\n"
            "QUARTET_WORKERS  not set\n"
            "kernel           Linux 6.1.0-13-amd64, which fits\n");
}

TEST(text, the_doctor_names_what_is_to_be_put_right) {
  doctor_outcome o;
  o.kernel = "5.10.0";
  EXPECT_FALSE(o.fine());
  EXPECT_EQ(findings_of(o),
            "1 worker for a pool that is not told how many: one for each CPU that it may run on\n\n"
            "affinity         may run on 1 of the 1 CPU that the system runs\n"
            "quota            none, in no cgroup above this process\n"
            "QUARTET_WORKERS  not set\n"
            "kernel           Linux 5.10.0, too old or unknown: quartet is made for 5.15 and "
            "newer\n");
  o.kernel = "6.1.0";
  o.workers.variable = "many";
  o.workers.refusal = "QUARTET_WORKERS is \"many\"";
  o.workers.workers = 0;
  o.workers.by = os::workers_by::variable;
  EXPECT_FALSE(o.fine());
  EXPECT_TRUE(findings_of(o).starts_with("QUARTET_WORKERS is \"many\"\n\naffinity"));
  EXPECT_EQ(json_of(o),
            "{\"command\":\"doctor\",\"fine\":false,\"workers\":0,"
            "\"decided_by\":\"QUARTET_WORKERS\",\"cpus\":1,\"affinity\":1,\"online\":1,"
            "\"quotas\":[],\"QUARTET_WORKERS\":\"many\",\"refusal\":\"QUARTET_WORKERS is "
            "\\\"many\\\"\",\"kernel\":\"6.1.0\",\"kernel_fits\":true}\n");
}

TEST(text, names_that_are_no_utf_8_do_not_break_json) {
  images_outcome o{.in = "\xff", .out = "out", .model = "sync", .report = {}, .problems = {}};
  EXPECT_TRUE(json_of(o).starts_with("{\"command\":\"images\",\"in\":\"\xef\xbf\xbd\","));
}

TEST(text, a_line_stays_a_line) {
  EXPECT_EQ(one_line("Größe\n\x1b[31m\x7f"), "Größe\\x0a\\x1b[31m\\x7f");
}
