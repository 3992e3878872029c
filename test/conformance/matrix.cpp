// SPDX-License-Identifier: Apache-2.0
// Makes a test of every cell, and prints the matrix when all of them were to run.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <set>
#include <string_view>
#include <unistd.h>

#include "executors.hpp"

namespace conformance {

namespace {

enum class state : unsigned char { not_run, passed, failed, skipped };

struct cell_record {
  char const* name;
  executor_under_test const* on;
  bool coroutine;
  body run;
  state how = state::not_run;
  char const* difference = nullptr;  // null: as everywhere

  char letter() const noexcept {
    switch (how) {
      case state::not_run:
        return '-';
      case state::failed:
        return '!';
      case state::skipped:
        return 's';
      default:
        return difference != nullptr ? 'D' : coroutine ? 'c' : 'f';
    }
  }
};

// In the order of the cases; those of one case stand together.
std::deque<cell_record>& records() {
  static std::deque<cell_record> all;
  return all;
}

// A cell that hangs is named before the program is ended.
constexpr unsigned patience = 100;  // seconds
char running[200];
void on_alarm(int) {
  constexpr std::string_view text = "\nconformance: this cell does not end: ";
  [[maybe_unused]] auto a = ::write(2, text.data(), text.size());
  [[maybe_unused]] auto b = ::write(2, running, std::string_view(running).size());
  std::abort();
}

class cell_test : public testing::Test {
 public:
  explicit cell_test(cell_record& r) : record_(r), cell_(*r.on, r.coroutine) {}

  void SetUp() override {
    std::snprintf(running, sizeof running, "%s on %s, %s\n", record_.name, record_.on->name,
                  record_.coroutine ? "coroutine" : "function");
    std::signal(SIGALRM, &on_alarm);
    ::alarm(patience);
  }
  void TestBody() override { record_.run(cell_); }
  void TearDown() override {
    ::alarm(0);
    record_.how = HasFailure() ? state::failed : IsSkipped() ? state::skipped : state::passed;
    record_.difference = cell_.difference();
  }

 private:
  cell_record& record_;
  cell cell_;
};

bool whole_suite() {
  auto const& all = *testing::UnitTest::GetInstance();
  return all.test_to_run_count() == all.total_test_count();
}

std::string row_of(cell_record const& r) {
  return std::string("| `") + r.name + "` | " + r.on->name + " | " + r.difference + " |";
}

// The rows of the table in the documentation.
std::set<std::string> documented() {
  std::set<std::string> rows;
  std::ifstream in(QUARTET_SOURCE_DIR "/docs/explain/conformance.md");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("| `")) rows.insert(line);
  return rows;
}

// Checks what no single cell can: that all have run, and that the documents tell the truth.
class completeness : public testing::Environment {
  void TearDown() override {
    if (!whole_suite()) return;
    std::set<std::string> differences;
    for (cell_record const& r : records()) {
      EXPECT_NE(r.how, state::not_run) << r.name << " on " << r.on->name << " was not run";
      if (r.difference != nullptr) differences.insert(row_of(r));
    }
    std::set<std::string> const rows = documented();
    for (std::string const& d : differences)
      EXPECT_TRUE(rows.contains(d)) << "docs/explain/conformance.md lacks this row:\n" << d;
    for (std::string const& r : rows)
      EXPECT_TRUE(differences.contains(r))
          << "docs/explain/conformance.md has a row that no cell checks:\n"
          << r;
  }
};

class printer : public testing::EmptyTestEventListener {
  void OnTestProgramEnd(testing::UnitTest const&) override {
    if (!whole_suite()) return;
    std::printf("\n%-46s", "case (f function, c coroutine, D differs)");
    for (auto const& e : executors()) std::printf(" %-9s", e.name);
    char const* last = nullptr;
    std::size_t run = 0, differs = 0, skipped = 0;
    for (cell_record const& r : records()) {
      if (r.name != last) std::printf("\n%-46s", r.name);
      last = r.name;
      if (!r.coroutine)
        std::printf(" %c ", r.letter());
      else
        std::printf("%-7c", r.letter());
      run += r.how == state::passed || r.how == state::failed;
      differs += r.difference != nullptr;
      skipped += r.how == state::skipped;
    }
    std::printf("\ncells %zu, run %zu, documented differences %zu, skipped %zu\n", records().size(),
                run, differs, skipped);
  }
};

bool prepare() {
  GTEST_FLAG_SET(brief, true);  // the matrix says what passed
  testing::UnitTest::GetInstance()->listeners().Append(new printer);
  testing::AddGlobalTestEnvironment(new completeness);
  return true;
}

}  // namespace

bool add_case(char const* name, body run, char const* file, int line) {
  [[maybe_unused]] static bool const prepared = prepare();
  for (executor_under_test const& e : executors())
    for (bool coroutine : {false, true}) {
      cell_record& r = records().emplace_back(cell_record{name, &e, coroutine, run});
      std::string const test = std::string(e.name) + (coroutine ? "_coroutine" : "_function");
      testing::RegisterTest(name, test.c_str(), nullptr, nullptr, file, line,
                            [&r]() -> testing::Test* { return new cell_test(r); });
    }
  return true;
}

}  // namespace conformance
