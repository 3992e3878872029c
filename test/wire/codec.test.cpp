// SPDX-License-Identifier: Apache-2.0
// Every kind of type comes back as it went; what a type says about itself is respected.
#include <bitset>
#include <chrono>
#include <complex>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <gtest/gtest.h>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include <quartet/wire/codec.hpp>
#include <quartet/wire/decode.hpp>
#include <quartet/wire/encode.hpp>

namespace {

using namespace quartet;

wire::buffer sent(auto const& x) {
  wire::buffer bytes;
  wire::writer out(bytes);
  wire::encode(out, x);
  out.flush();
  return bytes;
}

template <class T> T round_trip(T const& x) {
  auto const bytes = sent(x);
  wire::reader in(bytes.bytes());
  T back = wire::decode<T>(in);
  in.finish();
  return back;
}

template <class T> void expect_same(T const& x) { EXPECT_EQ(round_trip(x), x); }

enum class colour : unsigned char { red, green = 7 };
struct point {
  int x = 0;
  int y = 0;
  bool operator==(point const&) const = default;
};
struct record {
  int id = 0;
  bool flag = false;
  double weight = 0;
  std::string name;
  std::vector<point> points;
  std::map<std::string, std::vector<int>> index;
  int grid[2][3] = {};
  char tag[4] = {};
  bool operator==(record const&) const = default;
};
struct nothing {
  bool operator==(nothing const&) const = default;
};

TEST(codec, built_in_types_come_back_equal) {
  expect_same(7);
  expect_same(-1.5);
  expect_same(true);
  expect_same(U'\U0001F600');
  expect_same(colour::green);
  expect_same(nullptr);
  expect_same(std::string("abc\0def", 7));
  expect_same(std::u16string(u"wide"));
  expect_same(std::vector<int>{1, 2, 3});
  expect_same(std::vector<bool>{true, false, true});
  expect_same(std::vector<nothing>(1000));
  expect_same(std::vector<std::vector<std::string>>{{"a"}, {}, {"b", "c"}});
  expect_same(std::deque<int>{1, 2});
  expect_same(std::list<std::string>{"x", "y"});
  expect_same(std::forward_list<int>{3, 2, 1});
  expect_same(std::set<int>{3, 1});
  expect_same(std::multimap<int, char>{{1, 'a'}, {1, 'b'}});
  expect_same(std::unordered_map<std::string, int>{{"a", 1}, {"b", 2}});
  expect_same(std::unordered_set<int>{1, 2, 3});
  expect_same(std::optional<std::string>("there"));
  expect_same(std::optional<std::string>());
  expect_same(std::variant<std::monostate, int, std::string>("text"));
  expect_same(std::variant<std::monostate, int, std::string>());
  expect_same(std::tuple<int, std::string, bool>(1, "b", true));
  expect_same(std::tuple<>());
  expect_same(std::pair<std::string, point>("p", {1, 2}));
  expect_same(std::array<std::string, 2>{"a", "b"});
  expect_same(std::array<int, 0>{});
  expect_same(std::chrono::milliseconds(1500));
  expect_same(std::chrono::sys_seconds(std::chrono::seconds(99)));
  expect_same(std::filesystem::path("/some/where"));
  expect_same(std::bitset<67>("1011"));
  expect_same(std::complex<float>(1, -2));
}

TEST(codec, an_aggregate_is_sent_member_by_member) {
  record r;
  r.flag = true;
  r.name = "n";
  r.points = {{1, 2}, {3, 4}};
  r.index["k"] = {5, 6};
  r.grid[1][2] = 9;
  r.tag[0] = 't';
  expect_same(r);
}

struct tree {
  int value = 0;
  std::vector<tree> children;
  std::unique_ptr<tree> next;
};

TEST(codec, a_type_may_contain_itself) {
  tree t{1, {}, std::make_unique<tree>()};
  t.children.push_back({2, {}, nullptr});
  t.next->value = 3;
  auto const back = round_trip<tree>(t);
  EXPECT_EQ(back.children.at(0).value, 2);
  ASSERT_NE(back.next, nullptr);
  EXPECT_EQ(back.next->value, 3);
  EXPECT_EQ(back.next->next, nullptr);
}

TEST(codec, what_is_nested_too_deeply_is_refused_by_both_ends) {
  tree root;
  tree* last = &root;
  for (int i = 0; i < 2000; ++i) {
    last->next = std::make_unique<tree>();
    last = last->next.get();
  }
  EXPECT_THROW(sent(root), wire::encode_error);
  std::vector<std::byte> hostile;  // value 0, no children, then "there is a next"
  for (int i = 0; i < 2000; ++i)
    for (int k = 0; k < 9; ++k) hostile.push_back(std::byte(k == 8));
  wire::reader in(hostile);
  EXPECT_THROW((void)wire::decode<tree>(in), wire::decode_error);
}

struct constant {
  int const number;
  std::string text;
  std::unique_ptr<int> const owner;
};
class opaque {
 public:
  explicit opaque(int from) : value_(from) {}
  int value() const { return value_; }

 private:
  int value_;
};
struct holder {
  opaque first;
  std::variant<opaque, int> second;
  std::tuple<opaque, int> third;
  std::vector<opaque> fourth;
  std::array<opaque, 2> fifth;
  std::map<int, opaque> sixth;
  std::optional<opaque> seventh;
};

}  // namespace

template <> struct quartet::codec<opaque> {
  static void encode(opaque const& x, wire::writer& out) { out.raw(x.value()); }
  static opaque decode(wire::reader& in) {
    int const value = in.raw<int>();
    if (value < 0) in.fail("an opaque is not negative");
    return opaque(value);
  }
};

namespace {

TEST(codec, members_that_are_const_are_constructed_from_the_message) {
  constant const c{4, "five", std::make_unique<int>(6)};
  auto const bytes = sent(c);
  wire::reader in(bytes.bytes());
  auto const back = wire::decode<constant>(in);  // immovable: made where it stays
  EXPECT_EQ(back.number, 4);
  EXPECT_EQ(back.text, "five");
  EXPECT_EQ(*back.owner, 6);
}

TEST(codec, a_specialised_codec_serves_types_without_default_constructor_anywhere) {
  holder h{opaque(1),        opaque(2), {opaque(3), 4}, {opaque(5)}, {opaque(6), opaque(7)},
           {{8, opaque(9)}}, opaque(10)};
  auto const back = round_trip<holder>(h);
  EXPECT_EQ(back.first.value(), 1);
  EXPECT_EQ(std::get<0>(back.second).value(), 2);
  EXPECT_EQ(std::get<0>(back.third).value(), 3);
  EXPECT_EQ(back.fourth.at(0).value(), 5);
  EXPECT_EQ(back.fifth.at(1).value(), 7);
  EXPECT_EQ(back.sixth.at(8).value(), 9);
  EXPECT_EQ(back.seventh->value(), 10);
}

class account {
 public:
  account() = default;
  account(std::string name, int balance) : name_(std::move(name)), balance_(balance) {}
  std::string const& name() const { return name_; }
  int balance() const { return balance_; }
  int cached() const { return cache_; }
  void quartet_received() { cache_ = 2 * balance_; }
  constexpr auto quartet_fields() { return quartet::fields(name_, balance_, leave_out(cache_)); }

 private:
  std::string name_;
  int balance_ = 0;
  int cache_ = 0;
};
class with_friend {
 public:
  int a() const { return a_; }
  void a(int to) { a_ = to; }
  friend auto quartet_fields(with_friend& x) { return std::tie(x.a_, x.b_); }

 private:
  int a_ = 0;
  std::string b_;
};

TEST(codec, quartet_fields_names_private_members_and_received_runs_after_arrival) {
  auto const back = round_trip(account("ann", 21));
  EXPECT_EQ(back.name(), "ann");
  EXPECT_EQ(back.balance(), 21);
  EXPECT_EQ(back.cached(), 42);
  with_friend f;
  f.a(3);
  EXPECT_EQ(round_trip(f).a(), 3);
}

struct with_local {
  int sent = 0;
  local<std::mutex> guard;
  local<FILE*> file;
  local<std::vector<int>> cache = std::vector<int>{1};
};

TEST(codec, a_local_member_stays_here_and_is_default_constructed_there) {
  with_local x;
  x.sent = 5;
  x.file = stderr;
  x.cache->push_back(2);
  auto const bytes = sent(x);
  EXPECT_EQ(bytes.size(), sizeof(int));
  wire::reader in(bytes.bytes());
  auto const back = wire::decode<with_local>(in);
  EXPECT_EQ(back.sent, 5);
  EXPECT_EQ(*back.file, nullptr);
}

class packed {
 public:
  packed() = default;
  explicit packed(int x) : a_(x), b_(2 * x) {}
  bool operator==(packed const&) const = default;

 private:
  int a_ = 0;
  int b_ = 0;
};

}  // namespace

template <> inline constexpr bool quartet::bitwise<packed> = true;

namespace {

TEST(codec, a_class_that_opts_in_is_copied_byte_by_byte) {
  expect_same(packed(3));
  expect_same(std::vector<packed>{packed(1), packed(2)});
}

TEST(codec, padding_never_leaves_the_process) {
  struct gaps {
    char a;
    double b;
  };
  EXPECT_EQ(sent(gaps{'a', 1}).size(), 9U);
  EXPECT_EQ(sent(point{}).size(), sizeof(point));
}

TEST(codec, a_bool_that_is_neither_is_damage) {
  std::byte const two{2};
  wire::reader in({&two, 1});
  EXPECT_THROW((void)wire::decode<bool>(in), wire::decode_error);
}

}  // namespace
