# SPDX-License-Identifier: Apache-2.0
"""Each rule of tools/tidy: a tree that passes, and one that fails with the message it should."""
import unittest
from support import CONTRACT, SPDX, TreeTest


class Layers(TreeTest):
    def test_an_include_downward_passes(self):
        self.passes("layers", {"include/quartet/core/a.hpp": "#include <quartet/base/b.hpp>\n"})

    def test_an_include_upward_fails(self):
        self.fails("layers", {"include/quartet/base/a.hpp": "\n#include <quartet/core/b.hpp>\n"},
                   "include/quartet/base/a.hpp:2: base may not include core", "upward")

    def test_an_include_sideways_fails(self):
        self.fails("layers", {"src/exec/loop/a.cpp": "#include <quartet/exec/threads/b.hpp>\n"},
                   "src/exec/loop/a.cpp:1: exec/loop may not include exec/threads", "sideways")

    def test_an_include_of_no_module_fails(self):
        self.fails("layers", {"src/core/a.cpp": "#include <quartet/nowhere/b.hpp>\n"},
                   "is in no module of layers.toml")

    def test_tests_may_include_anything(self):
        self.passes("layers", {"test/base/a.test.cpp": "#include <quartet/core/b.hpp>\n"})

    def test_floors_that_contradict_themselves_fail(self):
        wrong = '[modules.a]\nfloor = 1\nmay_include = ["b"]\n[modules.b]\nfloor = 1\n'
        self.fails("layers", {"layers.toml": wrong}, "a (floor 1) may not include b (floor 1)")

    def test_the_build_asks_for_one_module_only(self):
        files = {"include/quartet/base/a.hpp": "#include <quartet/core/b.hpp>\n",
                 "include/quartet/core/b.hpp": ""}
        self.assertEqual(self.tidy(files, "--layers", "core")[0], 0)
        self.assertEqual(self.tidy(files, "--layers", "base")[0], 1)


class ThirdParty(TreeTest):
    def test_the_adapter_may_include_its_library(self):
        self.passes("third_party", {"src/core/png.cpp": "#include <png.h>\n",
                                    "src/cli/main.cpp": "#include <CLI/CLI.hpp>\n"})

    def test_a_library_may_have_several(self):
        self.passes("third_party", {"include/quartet/test/gtest.hpp": "#include <gtest/gtest.h>\n"})
        self.fails("third_party", {"src/core/a.cpp": "#include <gtest/gtest.h>\n"},
                   "may only be included by test/ or include/quartet/test/gtest.hpp")

    def test_another_file_may_not(self):
        self.fails("third_party", {"src/core/other.cpp": "#include <png.h>\n"},
                   "src/core/other.cpp:1: <png.h> may only be included by src/core/png.cpp")


class SeamOnly(TreeTest):
    def test_the_seam_names_atomics_and_clocks(self):
        self.passes("seam_only", {"src/seam/a.cpp": "#include <atomic>\nsteady_clock::now();\n"})

    def test_nobody_else_includes_them(self):
        self.fails("seam_only", {"include/quartet/core/a.hpp": "#include <mutex>\n"},
                   "include/quartet/core/a.hpp:1: <mutex> belongs to the seam")

    def test_nobody_else_reads_a_clock(self):
        self.fails("seam_only", {"src/core/a.cpp": "auto t = std::chrono::steady_clock::now();\n"},
                   "src/core/a.cpp:1: steady_clock::now belongs to the seam")


class CoAwait(TreeTest):
    def line(self, code):
        return {"src/core/a.cpp": f"task<> f() {{ {code} }}\n"}

    def test_safe_spellings_pass(self):
        for code in ["co_await g([] { return 1; });", "co_await g([&x, &] { return 1; });",
                     "auto l = [x] { return 1; }; co_await g(std::move(l));",
                     "auto v = big{x}; co_await g(v);", "co_await g(make(x), y);",
                     "co_await sleep_for(milliseconds{5});", "co_await submit({.workers = 2}, f);",
                     "g.spawn([x]() -> task<> { co_await yield(); });",
                     "co_await with_group([](group& g) -> task<> { big b{g}; co_return; });",
                     "bool const r = co_await ready(); if (r) { auto t = big{1}; }",
                     "while (auto* n = co_await next()) use(n);",
                     "if (auto x = co_await next(); x < 1) return;",
                     "for (std::pair<int, int> p : co_await all()) use(p);",
                     "for (int i = co_await first(); i < 9; i += co_await step()) use(i);",
                     "if (run([]() -> task<> { co_await yield(); })) return;",
                     "// co_await g([x] {});",
                     "auto [a, b] = co_await fork_join([n] { return f(n); }, [=] { return 1; });",
                     "x[co_await index()] = big{2};",
                     "auto operator co_await() noexcept { return awaiter{*this}; }"]:
            with self.subTest(code):
                self.passes("co_await", self.line(code))

    def test_a_bare_co_await_in_a_condition_fails(self):
        for code in ["if (co_await ready()) return;", "while (!co_await ready()) ++n;",
                     "if (a && co_await ready()) return;",
                     "if (auto x = f(); co_await g(x)) return;",
                     "for (int i = 0; i < co_await limit(); ++i) use(i);",
                     "switch (co_await next()) {}", "do { ++n; } while (co_await ready());",
                     "if (n == co_await next()) return;",
                     "if (n < 1 || co_await ready() == 2) return;"]:
            with self.subTest(code):
                self.fails("co_await", self.line(code), "src/core/a.cpp:1: a bare co_await")

    def test_spellings_that_gcc_12_miscompiles_fail(self):
        for code, what in {"co_await g([s] { return 1; });": "a lambda that captures s",
                           "co_await g([=] { return 1; });": "a lambda that captures =",
                           "co_await fork_join(g([=] { return 1; }));": "a lambda that captures =",
                           "co_await g(1, [p = make(2, 3)] { return 1; });":
                               "a lambda that captures p = make(2, 3)",
                           "co_await g([&a, *this] { return 1; });": "a lambda that captures *this",
                           "co_await g(big{s});": "a braced big",
                           "co_await g(ns::box<int>{[] {}});": "a braced ns::box",
                           "if (auto n = co_await g([s] { return 1; }); n) return;":
                               "a lambda that captures s",
                           "co_await with_group([](group&) -> task<> { co_await g([s] {}); });":
                               "a lambda that captures s"}.items():
            with self.subTest(code):
                self.fails("co_await", self.line(code), "src/core/a.cpp:1: " + what)


class Sleeping(TreeTest):
    def test_virtual_time_passes(self):
        self.passes("sleeping", {"test/core/a.test.cpp": "co_await quartet::sleep_for(5ms);\n"})

    def test_a_sleep_fails(self):
        for code in ["std::this_thread::sleep_for(5ms);", "usleep(5);", "::sleep(1);",
                     "nanosleep(&t, nullptr);"]:
            with self.subTest(code):
                self.fails("sleeping", {"test/core/a.test.cpp": "\n" + code},
                           "test/core/a.test.cpp:2: a test sleeps")

    def test_a_reason_lets_a_line_pass(self):
        self.passes("sleeping", {"test/core/a.test.cpp":
                                 "// tidy-allow sleeping: the child has to hang\nusleep(5);\n"})


class Contract(TreeTest):
    def header(self, text):
        return {"include/quartet/core/door.hpp": text}

    def test_a_full_contract_passes(self):
        self.passes("contract", self.header(CONTRACT + "template <class T> class door {};\n"))

    def test_functions_alone_owe_nothing(self):
        self.passes("contract", self.header("class door;\n/// Opens.\nvoid open();\n"))

    def test_a_missing_line_fails(self):
        text = "/// Opens. Threads: any. Errors: none.\nclass door {};\n"
        self.fails("contract", self.header(text),
                   "door.hpp:2: the contract of door lacks Stop: Lifetime:")

    def test_no_comment_at_all_fails(self):
        self.fails("contract", self.header("class hinge {\n};\n"), "hinge has no doc comment")

    def test_the_type_named_like_the_file_is_the_main_one(self):
        text = "/// Options.\nstruct options {\n};\n" + CONTRACT + "class door {\n};\n"
        self.passes("contract", self.header(text))

    def test_an_attribute_over_two_lines_hides_nothing(self):
        text = 'class [[nodiscard("take it, or "\n    "leave it")]] door {\n};\n'
        self.fails("contract", self.header("/// Opens.\n" + text), "contract of door lacks")
        self.passes("contract", self.header(CONTRACT + text))

    def test_details_owe_nothing(self):
        self.passes("contract", {"include/quartet/core/detail/a.hpp": "class a {};\n"})
        inner = "namespace detail {\nvoid f() {\n}\nclass b {\n};\n}  // namespace detail\n"
        self.passes("contract", self.header(inner))
        self.fails("contract", self.header(inner + "class hinge {\n};\n"), "hinge has no doc")


class HeaderTests(TreeTest):
    def test_a_header_with_its_test_passes(self):
        self.passes("header_tests", {"include/quartet/exec/loop/a.hpp": "",
                                     "test/exec/loop/a.test.cpp": "",
                                     "include/quartet/core/detail/b.hpp": ""})

    def test_a_header_without_one_fails(self):
        self.fails("header_tests", {"include/quartet/core/a.hpp": ""},
                   "include/quartet/core/a.hpp: has no test: test/core/a.test.cpp is missing")


class PlainText(TreeTest):
    def test_clean_text_passes(self):
        self.passes("plain_text", {"src/core/a.cpp": SPDX + "// ü" + "x" * 90 + "\n"})

    def test_a_missing_licence_fails(self):
        self.fails("plain_text", {"src/core/a.cpp": "int x;\n"}, "a.cpp:1: lacks the licence")

    def test_a_long_line_fails(self):
        text = SPDX + "// " + "x" * 98
        self.fails("plain_text", {"src/core/a.cpp": text}, "a.cpp:2: 101 columns")

    def test_a_promise_fails(self):
        text = SPDX + "// TO" "DO later"
        self.fails("plain_text", {"src/core/a.cpp": text}, "a.cpp:2: a promise")

    def test_a_path_of_a_machine_fails(self):
        text = "\nsee /home" "/me/x"
        self.fails("plain_text", {"README.md": text}, "README.md:2: a path of one")


class Standalone(TreeTest):
    def test_a_header_that_includes_what_it_needs_passes(self):
        self.passes("standalone", {
            "include/quartet/base/a.hpp": "#include <vector>\nstd::vector<int> f();\n",
            "src/core/b.hpp": "#pragma once\n#include <quartet/base/a.hpp>\ninline auto b = f;\n"})

    def test_a_header_that_leans_on_its_includer_fails(self):
        self.fails("standalone", {"include/quartet/base/a.hpp": "\nstd::vector<int> f();\n"},
                   "include/quartet/base/a.hpp: does not compile alone", "a.hpp:2")


if __name__ == "__main__":
    unittest.main()
