// SPDX-License-Identifier: Apache-2.0
// A function is found again by its token, and each thing that can be wrong with one has its text.
#include <cstdlib>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <quartet/wire/identity.hpp>

namespace {

using namespace quartet::wire;

int twice(int x) { return 2 * x; }

std::string message_of(function_token const& token) {
  try {
    static_cast<void>(address_of(token));
  } catch (identity_error const& e) {
    return e.what();
  }
  return "no error";
}
bool contains(std::string const& text, char const* part) { return text.find(part) != text.npos; }

TEST(identity, a_token_leads_back_to_the_function) {
  auto const token = token_of(&twice);
  auto const found = reinterpret_cast<int (*)(int)>(const_cast<void*>(address_of(token)));
  EXPECT_EQ(found, &twice);
  EXPECT_EQ(found(4), 8);
  EXPECT_FALSE(token.module.empty());
}

TEST(identity, a_function_of_a_library_has_the_token_of_that_library) {
  auto const token = token_of(&rand);
  EXPECT_NE(token.build, token_of(&twice).build);
  EXPECT_EQ(address_of(token), reinterpret_cast<void*>(&rand));
}

TEST(identity, a_token_travels) {
  auto const token = token_of(&twice);
  buffer bytes;
  writer out(bytes);
  encode_token(out, token);
  out.flush();
  reader in(bytes.bytes());
  EXPECT_EQ(decode_token(in), token);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    reader part(bytes.bytes().first(cut));
    EXPECT_THROW((void)decode_token(part), decode_error);
  }
}

TEST(identity, generated_code_has_no_name_elsewhere) {
  void* const page =
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  EXPECT_THROW((void)token_of(page), identity_error);
  munmap(page, 4096);
}

TEST(identity, data_is_not_a_function) {
  static int data = 0;
  EXPECT_THROW((void)token_of(static_cast<void const*>(&data)), identity_error);
  auto token = token_of(&twice);
  token.offset = 0;  // the header of the file: not executable
  EXPECT_TRUE(contains(message_of(token), "outside the code of"));
  token.offset = ~std::uint64_t{0};
  EXPECT_TRUE(contains(message_of(token), "outside the code of"));
}

TEST(identity, a_module_that_is_not_loaded_is_named) {
  auto token = token_of(&twice);
  token.build[0] ^= std::byte{1};
  token.module = "libabsent.so.3";
  EXPECT_TRUE(contains(message_of(token), "libabsent.so.3, which this process has not loaded"));
}

TEST(identity, another_build_of_the_same_module_is_named_with_both_ids) {
  auto token = token_of(&twice);
  token.build[0] ^= std::byte{1};
  auto const text = message_of(token);
  EXPECT_TRUE(contains(text, ("different build of " + token.module).c_str())) << text;
  EXPECT_TRUE(contains(text, " here, ")) << text;
}

}  // namespace
