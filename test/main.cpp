// SPDX-License-Identifier: Apache-2.0
// The main of every test program: GoogleTest's, but QUARTET_REQUIRE=all turns a skip into a failure.
#include <gtest/gtest.h>

#include <cstdlib>
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
    // Before the printer, so that the printer already shows the failure.
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    auto* printer = listeners.Release(listeners.default_result_printer());
    listeners.Append(new no_skips);
    listeners.Append(printer);
  }
  return RUN_ALL_TESTS();
}
