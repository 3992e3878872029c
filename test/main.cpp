// SPDX-License-Identifier: Apache-2.0
// The main of every test program: GoogleTest's, but under QUARTET_REQUIRE=all a skip is a failure.
#include <cstdlib>
#include <gtest/gtest.h>
#include <string_view>

namespace {

// Fails a test that skipped itself because the machine lacks something.
class no_skips : public testing::EmptyTestEventListener {
  void OnTestEnd(testing::TestInfo const& info) override {
    if (info.result()->Skipped())
      ADD_FAILURE() << info.test_suite_name() << "." << info.name()
                    << " was skipped, and QUARTET_REQUIRE=all allows no skip";
  }
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  char const* require = std::getenv("QUARTET_REQUIRE");
  if (require && std::string_view{require} == "all") {
    // Listeners hear of an end in reverse order: this one before the printer, which shows FAILED.
    testing::UnitTest::GetInstance()->listeners().Append(new no_skips);
  }
  return RUN_ALL_TESTS();
}
