// SPDX-License-Identifier: Apache-2.0
// Seeded random values come back equal; any damage to their bytes is a decode_error or a value.
#include <deque>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include <quartet/wire/decode.hpp>
#include <quartet/wire/encode.hpp>

namespace {

using namespace quartet;

struct point {
  float x = 0;
  float y = 0;
  bool operator==(point const&) const = default;
};
enum class level : std::uint8_t { low, high };
struct leaf {
  bool flag = false;
  level at = level::low;
  std::string text;
  std::optional<point> where;
  std::variant<std::monostate, long, std::string, std::vector<point>> value;
  bool operator==(leaf const&) const = default;
};
struct tree {
  int id = 0;
  std::vector<leaf> leaves;
  std::deque<std::vector<bool>> bits;
  std::map<std::string, std::vector<std::uint16_t>> index;
  std::unordered_map<int, std::string> names;
  std::set<std::string> tags;
  std::array<char, 5> code{};
  short grid[2][2] = {};
  std::vector<tree> children;
  bool operator==(tree const&) const = default;
};

/// Makes values of every shape from one seed.
class maker {
 public:
  explicit maker(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }
  std::string text() {
    std::string s(below(20), ' ');
    for (auto& c : s) c = static_cast<char>(below(256));
    return s;
  }
  point a_point() { return {static_cast<float>(below(1000)), -static_cast<float>(below(1000))}; }
  leaf a_leaf() {
    leaf l;
    l.flag = below(2) != 0;
    l.at = below(2) != 0 ? level::high : level::low;
    l.text = text();
    if (below(2) != 0) l.where = a_point();
    switch (below(4)) {
      case 0:
        break;
      case 1:
        l.value = static_cast<long>(below(1U << 30));
        break;
      case 2:
        l.value = text();
        break;
      default:
        l.value = std::vector<point>(below(4), a_point());
    }
    return l;
  }
  tree a_tree(int depth) {
    tree t;
    t.id = static_cast<int>(below(1U << 30));
    for (std::size_t n = below(4); n-- > 0;) t.leaves.push_back(a_leaf());
    for (std::size_t n = below(3); n-- > 0;) t.bits.emplace_back(below(20), below(2) != 0);
    for (std::size_t n = below(3); n-- > 0;)
      t.index[text()] = std::vector<std::uint16_t>(below(5), static_cast<std::uint16_t>(below(9)));
    for (std::size_t n = below(3); n-- > 0;) t.names[static_cast<int>(below(100))] = text();
    for (std::size_t n = below(3); n-- > 0;) t.tags.insert(text());
    t.code[below(5)] = 'x';
    t.grid[below(2)][below(2)] = static_cast<short>(below(100));
    for (std::size_t n = depth > 0 ? below(3) : 0; n-- > 0;)
      t.children.push_back(a_tree(depth - 1));
    return t;
  }

 private:
  std::mt19937_64 random_;
};

std::vector<std::byte> sent(tree const& t) {
  wire::buffer bytes;
  wire::writer out(bytes);
  wire::encode(out, t);
  out.flush();
  return {bytes.bytes().begin(), bytes.bytes().end()};
}

/// A value or a decode_error; anything else ends the test, or the program under the sanitizer.
void survives(std::span<std::byte const> bytes) {
  wire::reader in(bytes);
  try {
    auto const t = wire::decode<tree>(in);
    EXPECT_LE(t.leaves.size(), bytes.size());
  } catch (wire::decode_error const& e) {
    EXPECT_LE(e.offset(), bytes.size());
  }
}

TEST(decode, random_values_come_back_equal) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    tree const t = maker(seed).a_tree(3);
    auto const bytes = sent(t);
    wire::reader in(bytes);
    EXPECT_EQ(wire::decode<tree>(in), t);
    in.finish();
  }
}

TEST(decode, bytes_cut_short_anywhere_are_an_error) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    auto const bytes = sent(maker(seed).a_tree(2));
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      wire::reader in(std::span<std::byte const>(bytes.data(), cut));
      EXPECT_THROW((void)wire::decode<tree>(in), wire::decode_error) << seed << " at " << cut;
    }
  }
}

TEST(decode, each_byte_flipped_is_an_error_or_a_value) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    auto bytes = sent(maker(seed).a_tree(2));
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (int const flip : {1, 2, 0x40, 0x80, 0xff}) {
        bytes[at] ^= std::byte(flip);
        survives(bytes);
        bytes[at] ^= std::byte(flip);
      }
    }
  }
}

TEST(decode, noise_is_an_error_or_a_value) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::byte> bytes(random() % 200);
    for (auto& b : bytes) b = random() % 3 == 0 ? std::byte(random()) : std::byte(random() % 3);
    survives(bytes);
  }
}

TEST(decode, an_announced_length_is_checked_before_memory_is_taken) {
  std::vector<std::byte> bytes(16, std::byte{0xff});  // 2^64 - 1 elements, in twelve bytes
  wire::reader numbers(bytes);
  EXPECT_THROW((void)wire::decode<std::vector<int>>(numbers), wire::decode_error);
  wire::reader nothings(bytes);
  EXPECT_THROW((void)wire::decode<std::vector<std::monostate>>(nothings), wire::decode_error);
  wire::reader text(bytes);
  try {
    (void)wire::decode<std::string>(text);
    ADD_FAILURE();
  } catch (wire::decode_error const& e) {
    EXPECT_NE(std::string(e.what()).find("18446744073709551615 elements"), std::string::npos)
        << e.what();
  }
}

}  // namespace
