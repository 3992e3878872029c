// SPDX-License-Identifier: Apache-2.0
// Checks on the real machine and on one that listens.
#include <cstdio>
#include <gtest/gtest.h>
#include <string>

#include <quartet/seam/check.hpp>
#include <quartet/seam/machine.hpp>

using namespace quartet;

namespace {

struct listener final : seam::machine {
  std::string heard;
  void failed(char const* what, place) noexcept override {
    heard += std::string("failed ") + what;
    std::fputs((heard + "\n").c_str(), stderr);
  }
  void reached(char const* what, bool here, place) noexcept override {
    heard += std::string(here ? "reached " : "not ") + what;
  }
  bool fault(seam::kind, char const* name, place) noexcept override {
    return std::string(name) == "disk";
  }
  void faults_end() noexcept override { heard += "no more faults, "; }
};

}  // namespace

TEST(check, what_holds_is_silent) {
  check(true);
  always(true, "one is one");
}

TEST(check, a_false_one_ends_the_program_and_names_itself_and_its_line) {
  EXPECT_DEATH(check(false, "the lamp is lit"), "the lamp is lit(.|\n)*check.test.cpp");
  EXPECT_DEATH(always(false, "never so"), "never so");
}

TEST(check, faults_never_strike_on_the_real_machine) {
  EXPECT_FALSE(fault_point("disk"));
  faults_end();
  sometimes(true, "nobody listens");
}

#if QUARTET_SIM
TEST(check, a_machine_decides_on_faults_and_hears_of_goals_and_failures) {
  listener m;
  seam::machine_scope const here(m);
  EXPECT_TRUE(fault_point("disk"));
  EXPECT_FALSE(fault_point("network"));
  faults_end();
  sometimes(false, "not yet");
  EXPECT_EQ(m.heard, "no more faults, not not yet");
  sometimes(true, "both waited");
  EXPECT_EQ(m.heard, "no more faults, not not yetreached both waited");
  EXPECT_DEATH(check(false, "told first"), "failed told first");
}
#endif
