// SPDX-License-Identifier: Apache-2.0
// Invariants on the real machine, and what a machine hears of them.
#include <gtest/gtest.h>
#include <string>

#include <quartet/seam/invariant.hpp>

using namespace quartet;

namespace {

struct listener final : seam::machine {
  std::string heard;
  void watch(seam::watched_check const& c) noexcept override {
    heard += std::string("from now on ") + c.what + (c.holds(c) ? ": holds" : ": broken");
  }
  void unwatch(seam::watched_check const& c) noexcept override {
    heard += std::string(", no more ") + c.what + (c.holds(c) ? ": holds" : ": broken");
  }
};

}  // namespace

TEST(invariant, on_the_real_machine_it_is_asked_when_it_begins_and_when_it_ends) {
  int asked = 0, x = 1;
  {
    invariant const positive([&] { return ++asked, x > 0; });
    EXPECT_EQ(asked, 1);
    x = -1;
    x = 1;
  }
  EXPECT_EQ(asked, 2);
}

TEST(invariant, a_broken_one_ends_the_program_and_names_itself_and_its_line) {
  EXPECT_DEATH(invariant const i([] { return false; }, "the lamp is lit"),
               "the lamp is lit(.|\n)*invariant.test.cpp");
  EXPECT_DEATH(
      {
        bool lit = true;
        invariant const i([&] { return lit; }, "the lamp stays lit");
        lit = false;
      },
      "the lamp stays lit(.|\n)*invariant.test.cpp");
}

TEST(invariant, a_machine_hears_of_its_life) {
  listener m;
  seam::machine_scope const here(m);
  bool lit = true;
  {
    invariant const i([&] { return lit; }, "light");
    lit = false;
  }
  EXPECT_EQ(m.heard, "from now on light: holds, no more light: broken");
}
