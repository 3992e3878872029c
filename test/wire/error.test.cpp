// SPDX-License-Identifier: Apache-2.0
// Errors arrive with type, message, stack and what led to them; damaged ones arrive as errors too.
#include <cerrno>
#include <filesystem>
#include <gtest/gtest.h>
#include <new>
#include <system_error>
#include <vector>

#include <quartet/wire/error.hpp>
#include <quartet/wire/identity.hpp>

namespace {

using namespace quartet;

wire::buffer sent(std::exception_ptr const& error, std::string_view stack = {}) {
  wire::buffer bytes;
  wire::writer out(bytes);
  wire::encode_exception(out, error, stack);
  out.flush();
  return bytes;
}
std::exception_ptr round_trip(std::exception_ptr const& error, std::string_view stack = {}) {
  auto const bytes = sent(error, stack);
  wire::reader in(bytes.bytes());
  auto back = wire::decode_exception(in);
  in.finish();
  return back;
}
template <class T> std::exception_ptr ptr(T error) { return std::make_exception_ptr(error); }

/// The error that is thrown is exactly a T.
template <class T> T arrives_as(std::exception_ptr const& error) {
  try {
    std::rethrow_exception(error);
  } catch (T const& e) {
    EXPECT_EQ(typeid(e), typeid(T));
    return e;
  } catch (std::exception const& e) {
    ADD_FAILURE() << typeid(e).name() << ": " << e.what();
    throw;
  }
}
template <class T> void keeps_type(T const& error) {
  auto const back = arrives_as<T>(round_trip(ptr(error)));
  EXPECT_STREQ(back.what(), error.what());
}

struct disk_full {
  std::string where;
  int missing = 0;
};
class bad_header : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
class unknown_here : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
class refuses_to_be_made {
 public:
  explicit refuses_to_be_made(std::string const&) { throw 1; }
  explicit refuses_to_be_made(int) {}
};
bool const known = register_error<disk_full>() && register_error<bad_header>() &&
                   register_error<refuses_to_be_made>();

TEST(error, standard_errors_arrive_as_their_own_type) {
  EXPECT_TRUE(known);
  keeps_type(std::runtime_error("a"));
  keeps_type(std::invalid_argument("b"));
  keeps_type(std::out_of_range("c"));
  keeps_type(std::logic_error(""));
  keeps_type(std::bad_alloc());
  keeps_type(std::bad_cast());
  keeps_type(wire::encode_error("d"));
  keeps_type(wire::identity_error("e"));
  auto const damage = arrives_as<wire::decode_error>(round_trip(ptr(wire::decode_error("f", 7))));
  EXPECT_EQ(damage.offset(), 7U);
}

TEST(error, a_system_error_keeps_its_code_and_says_it_once) {
  std::system_error const error(ENOENT, std::generic_category(), "open x");
  keeps_type(error);
  auto const back = arrives_as<std::system_error>(round_trip(ptr(error)));
  EXPECT_EQ(back.code(), std::errc::no_such_file_or_directory);
  keeps_type(std::system_error(EACCES, std::system_category()));
}

TEST(error, a_filesystem_error_keeps_its_paths) {
  namespace fs = std::filesystem;
  auto const code = std::make_error_code(std::errc::permission_denied);
  keeps_type(fs::filesystem_error("copy", "a", "b", code));
  keeps_type(fs::filesystem_error("open", "a", code));
  keeps_type(fs::filesystem_error("walk", code));
  auto const back =
      arrives_as<fs::filesystem_error>(round_trip(ptr(fs::filesystem_error("o", "a", code))));
  EXPECT_EQ(back.path1(), "a");
}

TEST(error, a_category_of_another_library_arrives_by_name) {
  struct own : std::error_category {
    char const* name() const noexcept override { return "own"; }
    std::string message(int) const override { return "own text"; }
  };
  static own const category;
  auto const back =
      arrives_as<remote_error>(round_trip(ptr(std::system_error(3, category, "did"))));
  EXPECT_EQ(back.type_name(), "std::system_error");
  EXPECT_EQ(back.message(), "did: own text");
}

TEST(error, registered_types_arrive_as_their_own_type) {
  EXPECT_STREQ(arrives_as<bad_header>(round_trip(ptr(bad_header("no magic")))).what(), "no magic");
  try {
    std::rethrow_exception(round_trip(ptr(disk_full{"/tmp", 3})));
  } catch (disk_full const& e) {
    EXPECT_EQ(e.where, "/tmp");
    EXPECT_EQ(e.missing, 3);
  }
}

TEST(error, an_unknown_type_arrives_by_name_with_message_and_stack) {
  auto const back = arrives_as<remote_error>(round_trip(ptr(unknown_here("why")), "main()\nf()"));
  EXPECT_NE(back.type_name().find("unknown_here"), std::string::npos);
  EXPECT_EQ(back.message(), "why");
  EXPECT_EQ(back.stack(), "main()\nf()");
  EXPECT_EQ(back.nested(), nullptr);
  auto const twice = arrives_as<remote_error>(round_trip(ptr(back)));
  EXPECT_EQ(twice.type_name(), back.type_name()) << "a second border changes nothing";
  EXPECT_EQ(twice.stack(), back.stack());
}

TEST(error, what_is_no_exception_class_arrives_by_type_name) {
  EXPECT_EQ(arrives_as<remote_error>(round_trip(ptr(42))).type_name(), "int");
  EXPECT_EQ(arrives_as<remote_error>(round_trip(ptr(std::string("text")))).message(), "text");
  EXPECT_EQ(arrives_as<remote_error>(round_trip(ptr<char const*>("text"))).message(), "text");
}

TEST(error, an_error_that_cannot_be_made_again_arrives_by_name) {
  auto const back = arrives_as<remote_error>(round_trip(ptr(refuses_to_be_made(1))));
  EXPECT_NE(back.type_name().find("refuses_to_be_made"), std::string::npos);
}

std::exception_ptr chain() {
  try {
    try {
      try {
        throw disk_full{"/", 1};
      } catch (...) {
        std::throw_with_nested(unknown_here("while writing"));
      }
    } catch (...) {
      std::throw_with_nested(std::runtime_error("while saving"));
    }
  } catch (...) {
    return std::current_exception();
  }
}

TEST(error, nested_errors_arrive_with_what_led_to_them) {
  try {
    std::rethrow_exception(round_trip(chain()));
  } catch (std::runtime_error const& outer) {
    EXPECT_STREQ(outer.what(), "while saving");
    try {
      std::rethrow_if_nested(outer);
      ADD_FAILURE() << "nothing nested";
    } catch (remote_error const& middle) {
      EXPECT_EQ(middle.message(), "while writing");
      EXPECT_THROW(std::rethrow_exception(middle.nested()), disk_full);
    }
  }
}

TEST(error, a_message_of_megabytes_arrives) {
  keeps_type(std::runtime_error(std::string(4 << 20, 'x')));
}

TEST(error, damaged_bytes_are_an_error_about_the_error) {
  auto const whole = sent(chain());
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    wire::reader in(whole.bytes().first(cut));
    EXPECT_NE(wire::decode_exception(in), nullptr);
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int const flip : {1, 0x80, 0xff}) {
      std::vector<std::byte> bytes(whole.bytes().begin(), whole.bytes().end());
      bytes[at] ^= std::byte(flip);
      wire::reader in(bytes);
      EXPECT_NE(wire::decode_exception(in), nullptr);
    }
  }
  wire::reader empty{std::span<std::byte const>()};
  EXPECT_THROW(std::rethrow_exception(wire::decode_exception(empty)), remote_error);
}

}  // namespace
