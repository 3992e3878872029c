// SPDX-License-Identifier: Apache-2.0
// How failures arrive, and what they do to other items.
#include <atomic>

#include <quartet/wire/error.hpp>

#include "calls.hpp"
#include "cell.hpp"

namespace {
/// Arrives as itself because it is registered below.
class disk_full : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
[[maybe_unused]] bool const disk_full_known = quartet::register_error<disk_full>();

/// Nobody has registered it.
class paper_jam : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
}  // namespace

using namespace conformance;
using namespace quartet;

namespace {

enum class fault : unsigned char { standard, registered, unregistered };

int fails(fault kind) {
  switch (kind) {
    case fault::standard:
      throw std::out_of_range("page 9 of 8");
    case fault::registered:
      throw disk_full("no room for page 9");
    default:
      throw paper_jam("page 9 is stuck");
  }
}
task<int> fails_later(fault kind) {
  co_await yield();
  co_return fails(kind);
}

template <class E> std::string message_of(future<int> f) {
  try {
    f.blocking_get();
  } catch (E const& e) {
    return e.what();
  } catch (std::exception const& e) {
    return std::string("another type: ") + typeid(e).name();
  }
  return "no error";
}

struct step {  // an item of the case that stops at the first error
  int number = 0;
  std::string closed_gate;
  std::string begun;
};
int first_fails(step s) {
  mark(s.begun);
  if (s.number == 0) throw std::domain_error("the first");
  wait_at(s.closed_gate);
  return s.number;
}
task<int> first_fails_later(step s) {
  mark(s.begun);
  if (s.number == 0) {
    co_await yield();
    throw std::domain_error("the first");
  }
  co_await sleep_for(std::chrono::hours(1));
  co_return s.number;
}

int third_time_lucky(std::string path) {
  mark(path);
  if (marks(path) < 3) throw std::runtime_error("attempt " + std::to_string(marks(path)));
  return static_cast<int>(marks(path));
}
task<int> third_time_lucky_later(std::string path) {
  co_await yield();
  co_return third_time_lucky(path);
}

int odd_fails(int x) {
  if (x % 2 != 0) throw std::invalid_argument("odd");
  return x;
}
task<int> odd_fails_later(int x) {
  co_await yield();
  co_return odd_fails(x);
}

struct tally : observer {
  std::atomic<std::size_t> added{0}, values{0}, failures{0}, others{0};
  void on_added(std::size_t n) noexcept override { added += n; }
  void on_ended(ending how) noexcept override {
    ++(how == ending::value ? values : how == ending::failed ? failures : others);
  }
};

}  // namespace

QUARTET_CONFORMANCE(a_standard_error_arrives_as_itself) {
  any_executor ex = c.make();
  auto f = c.submit<&fails, &fails_later>(ex, fault::standard);
  EXPECT_EQ(message_of<std::out_of_range>(std::move(f)), "page 9 of 8");
}

QUARTET_CONFORMANCE(a_registered_error_arrives_as_itself) {
  any_executor ex = c.make();
  auto f = c.submit<&fails, &fails_later>(ex, fault::registered);
  EXPECT_EQ(message_of<disk_full>(std::move(f)), "no room for page 9");
}

QUARTET_CONFORMANCE(an_unregistered_error_arrives) {
  any_executor ex = c.make();
  auto f = c.submit<&fails, &fails_later>(ex, fault::unregistered);
  if (c.on.here) {
    EXPECT_EQ(message_of<paper_jam>(std::move(f)), "page 9 is stuck");
    return;
  }
  c.differs("as remote_error with the name of its type and its message; register_error mends it");
  try {
    f.blocking_get();
    FAIL() << "no error";
  } catch (remote_error const& e) {
    EXPECT_NE(e.type_name().find("paper_jam"), std::string::npos) << e.type_name();
    EXPECT_EQ(e.message(), "page 9 is stuck");
  }
}

QUARTET_CONFORMANCE(an_error_leaves_the_executor_usable) {
  any_executor ex = c.make(1);
  auto bad = c.submit<&fails, &fails_later>(ex, fault::standard);
  auto good = c.submit<&twice, &twice_later>(ex, 4);
  EXPECT_THROW(bad.blocking_get(), std::out_of_range);
  EXPECT_EQ(good.blocking_get(), 8);
}

QUARTET_CONFORMANCE(the_first_error_stops_map_and_is_thrown) {
  scratch s;
  gate const closed(s.file("closed"));
  std::vector<step> steps;
  for (int i = 0; i != 50; ++i) steps.push_back({i, closed.path(), s.file("begun")});
  any_executor ex = c.make(1);
  // The other items would never end.
  EXPECT_THROW((c.map<&first_fails, &first_fails_later>(ex, steps).blocking_get()),
               std::domain_error);
  EXPECT_GE(marks(s.file("begun")), 1u);
}

QUARTET_CONFORMANCE(a_failed_item_is_tried_again) {
  scratch s;
  any_executor ex = c.make();
  std::vector<std::string> const files{s.file("a"), s.file("b"), s.file("c")};
  bulk_options const o{.retries = 2};
  auto const all = c.map<&third_time_lucky, &third_time_lucky_later>(ex, files, o).blocking_get();
  EXPECT_EQ(all, (std::vector{3, 3, 3}));
}

QUARTET_CONFORMANCE(retries_come_to_an_end) {
  scratch s;
  any_executor ex = c.make();
  std::vector<std::string> const files{s.file("a")};
  bulk_options const o{.retries = 1};
  EXPECT_THROW((c.map<&third_time_lucky, &third_time_lucky_later>(ex, files, o).blocking_get()),
               std::runtime_error);
  EXPECT_EQ(marks(files[0]), 2u);
}

QUARTET_CONFORMANCE(the_observer_is_told_of_every_item) {
  any_executor ex = c.make();
  tally t;
  std::vector<int> const items{0, 1, 2, 3, 4, 5, 6};
  {
    auto all =
        c.as_completed<&odd_fails, &odd_fails_later>(ex, items, bulk_options{.progress = &t});
    while (all.blocking_next()) {
    }
  }
  EXPECT_EQ(t.added, 7u);
  EXPECT_EQ(t.values, 4u);
  EXPECT_EQ(t.failures, 3u);
  EXPECT_EQ(t.others, 0u);
}
