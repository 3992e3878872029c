// SPDX-License-Identifier: Apache-2.0
// The guards: this program has that of the linker; others are built here, with and without one.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <quartet/exec/processes/process_pool.hpp>
#include <quartet/exec/processes/worker_guard.hpp>

#include "support.hpp"

using namespace quartet;

namespace {

std::string text_of(std::string const& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string cached(std::string const& name) {
  std::ifstream cache(QUARTET_BINARY_DIR "/CMakeCache.txt");
  for (std::string line; std::getline(cache, line);)
    if (line.starts_with(name + ":")) return line.substr(line.find('=') + 1);
  return "";
}

// Builds a program that submits one call, and notes each run of its main in the file `runs`.
// Its environment decides nothing: what is linked does.
class small_program {
 public:
  explicit small_program(std::string const& first_line, std::string const& flags) {
    std::ofstream(folder_.file("main.cpp"))
        << "#include <cstdio>\n"
           "#include <stdlib.h>\n"
           "#include <quartet/exec/processes/process_pool.hpp>\n"
           "#include <quartet/exec/processes/worker_guard.hpp>\n"
           "int twice(int x) { return 2 * x; }\n"
           "int main([[maybe_unused]] int argc, [[maybe_unused]] char** argv) {\n"
        << first_line
        << "\n  std::FILE* const runs = std::fopen(argv[1], \"a\");\n"
           "  std::fputs(\"run \", runs);\n"
           "  std::fclose(runs);\n"
           "  quartet::process_pool pool({.workers = 2});\n"
           "  try {\n"
           "    std::printf(\"%d\", pool.submit(twice, 4).blocking_get());\n"
           "  } catch (std::logic_error const& e) { std::printf(\"%s\", e.what()); }\n"
           "}\n";
    std::string const sanitize = cached("QUARTET_SANITIZE");
    built = run(cached("CMAKE_CXX_COMPILER") + " -std=c++20 -I" QUARTET_SOURCE_DIR "/include " +
                (sanitize.empty() ? "" : "-fsanitize=" + sanitize + " ") +
                folder_.file("main.cpp") + " -o " + folder_.file("program") + " " + flags +
                " -L" QUARTET_BINARY_DIR
                "/lib -lquartet_exec_processes -lquartet_reactor "
                "-lquartet_core -lquartet_os -lquartet_wire -lquartet_seam -lquartet_base "
                "-lpthread");
    if (built) run("timeout 20 " + folder_.file("program") + " " + folder_.file("runs"));
  }
  std::string output() const { return text_of(folder_.file("out")); }
  std::string runs() const { return text_of(folder_.file("runs")); }
  bool built = false;

 private:
  bool run(std::string const& command) const {
    return system((command + " >" + folder_.file("out") + " 2>&1").c_str()) == 0;
  }
  scratch_folder folder_;
};

}  // namespace

TEST(worker_guard, it_returns_at_once_in_an_ordinary_program) {
  char name[] = "program";
  char* argv[] = {name, nullptr};
  worker_guard(1, argv);
  setenv("QUARTET_ZYGOTE", "00112233445566778899aabbccddeeff", 1);  // proves nothing by itself
  worker_guard(1, argv);
  unsetenv("QUARTET_ZYGOTE");
  process_pool pool({.workers = 1});
  EXPECT_EQ(pool.submit(twice, 3).blocking_get(), 6);
}

TEST(worker_guard, a_program_without_a_guard_is_told_both_remedies_and_its_main_runs_once) {
  small_program const p("", "");
  ASSERT_TRUE(p.built) << p.output();
  EXPECT_NE(p.output().find("--wrap=main"), std::string::npos) << p.output();
  EXPECT_NE(p.output().find("worker_guard(argc, argv)"), std::string::npos) << p.output();
  EXPECT_EQ(p.runs(), "run ");
}

TEST(worker_guard, one_line_in_main_is_enough) {
  small_program const p("quartet::worker_guard(argc, argv);", "");
  ASSERT_TRUE(p.built) << p.output();
  EXPECT_EQ(p.output(), "8");
  EXPECT_EQ(p.runs(), "run ");
}

TEST(worker_guard, the_linker_option_is_enough) {
  small_program const p("", "-Wl,--wrap=main");
  ASSERT_TRUE(p.built) << p.output();
  EXPECT_EQ(p.output(), "8");
  EXPECT_EQ(p.runs(), "run ");
}

// The environment of the user is handed on to the zygote, and his variable must not be found there.
TEST(worker_guard, the_variable_may_be_in_the_environment_already) {
  small_program const p(
      "if (getenv(\"NOT_AGAIN\") != nullptr) return 9;"
      "setenv(\"NOT_AGAIN\", \"\", 1);"
      "setenv(\"QUARTET_ZYGOTE\", \"x\", 1);",
      "-Wl,--wrap=main");
  ASSERT_TRUE(p.built) << p.output();
  EXPECT_EQ(p.output(), "8");
}
