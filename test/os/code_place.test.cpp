// SPDX-License-Identifier: Apache-2.0
// Functions and lines for addresses of this program; an optimised one is built without lines.
#include <gtest/gtest.h>

#include <quartet/base/place.hpp>
#include <quartet/os/code_place.hpp>

using namespace quartet;

namespace {

// Where its caller goes on.
[[gnu::noinline]] void const* return_address() {
  void const* const here = __builtin_return_address(0);
  asm volatile("" ::: "memory");  // a call, not a jump
  return here;
}

}  // namespace

TEST(code_place, an_address_behind_a_call_has_the_function_and_the_line_of_the_call) {
  void const* code = nullptr;
  unsigned const line = place::here().line + 1;
  code = return_address();
  os::code_places places;
  auto const& frames = places.at(code);
  if (frames.empty()) GTEST_SKIP() << "needs addr2line";
  EXPECT_NE(frames.back().place.find("code_place.test.cpp:" + std::to_string(line)),
            std::string::npos)
      << frames.back().place;
  EXPECT_NE(frames.back().function.find("TestBody"), std::string::npos) << frames.back().function;
  EXPECT_FALSE(frames.back().ours);
}

TEST(code_place, what_is_no_code_is_not_found) {
  static int const data = 0;
  os::code_places places;
  for (os::code_frame const& f : places.at(&data)) EXPECT_EQ(f.place, "");
  EXPECT_EQ(os::code_places().at(nullptr).size(), 0u);
}

TEST(code_place, an_offset_names_the_file_it_is_in) {
  EXPECT_NE(os::offset_of(return_address()).find("test_os + 0x"), std::string::npos)
      << os::offset_of(return_address());
}

TEST(code_place, files_of_quartet_and_of_the_standard_library_are_ours) {
  EXPECT_TRUE(os::is_ours("/usr/include/c++/12/bits/invoke.h"));
  EXPECT_TRUE(os::is_ours("/opt/include/quartet/core/task.hpp"));
  EXPECT_FALSE(os::is_ours("/elsewhere/main.cpp"));
}

TEST(code_place, a_path_below_the_present_folder_is_short) {
  EXPECT_EQ(os::short_path("/no such folder/x.cpp"), "/no such folder/x.cpp");
}
