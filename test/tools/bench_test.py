# SPDX-License-Identifier: Apache-2.0
"""The benchmark runner, judged with fake programs: nothing is built, nothing is measured."""
import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from bench_runner import catalog, command, execute, report  # noqa: E402
from bench_runner.rows import Samples, row, verdicts  # noqa: E402

# A fake is a contender in Python. Each says its own number, or misbehaves in its own way.
HONEST = """
import sys
if "--wrong" in sys.argv:
    sys.exit(print("wrong answer: 2 is not 1", file=sys.stderr) or 3)
workers = int(sys.argv[sys.argv.index("--workers") + 1])
print("task ns", VALUE * workers)
"""
GULLIBLE = 'print("task ns 1")'
CRASHING = "import os, signal; os.kill(os.getpid(), signal.SIGABRT)"
CRASHING_IF_WRONG = "import sys; sys.exit(1) if '--wrong' in sys.argv else print('task ns 1')"
LEFT_OUT = "import sys; sys.exit(print('needs python3-pil', file=sys.stderr) or 77)"
BABBLING = 'print("it was fast")'
ENDLESS = "while True: pass"
RECORDING = """
import pathlib, sys
with open(pathlib.Path(__file__).with_name("order.txt"), "a") as order:
    order.write(pathlib.Path(__file__).stem + sys.argv[2] + " ")
print("task ns 1")
"""

def honest(value):
    return HONEST.replace("VALUE", str(value))

class RunnerTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def problem(self, name="toy", goals="", **programs):
        folder = self.root / name
        folder.mkdir(exist_ok=True)
        (folder / "problem.hpp").touch()
        (folder / "goals.toml").write_text(goals)
        for program, text in programs.items():
            (folder / f"{program}.py").write_text(text)
        return catalog.read_problems(self.root, [name])[0]

    def program(self, text):
        return next(self.problem(fake=text).programs(self.root))

    def bench(self, problem, *arguments):
        """Exit status, standard output, standard error, and what was left out."""
        out, err, missing = io.StringIO(), io.StringIO(), []
        given = command.parse(["--workers", "1", "--runs", "3", *arguments])
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = command.bench(given, [problem], self.root, missing)
        return status, out.getvalue(), err.getvalue(), missing

class Measuring(RunnerTest):
    def test_json_has_exactly_the_keys_that_were_promised(self):
        problem = self.problem(fake=honest(2))
        status, out, _, _ = self.bench(problem, "--json", "--workers", "1,2")
        rows = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(status, 0)
        self.assertEqual(rows[0], {
            "bench": "toy/task/fake/workers:1", "problem": "toy", "program": "fake", "workers": 1,
            "metric": "task", "unit": "ns", "median": 2.0, "q1": 2.0, "q3": 2.0, "runs": 3})
        self.assertEqual([(r["workers"], r["median"]) for r in rows], [(1, 2.0), (2, 4.0)])

    def test_programs_take_turns_and_none_always_follows_the_same(self):
        problem = self.problem(a=RECORDING, b=RECORDING)
        self.bench(problem, "--runs", "2", "--workers", "1,2")
        order = (problem.folder / "order.txt").read_text().split()
        self.assertEqual(order, ["a1", "b1", "a2", "b2", "b1", "a2", "b2", "a1"])

    def test_a_program_that_workers_do_not_change_runs_with_the_first_number_only(self):
        problem = self.problem(goals='once = ["a"]', a=RECORDING, b=RECORDING)
        pairs = [(program.name, workers) for program, workers in execute.schedule(
            problem, list(problem.programs(self.root)), [1, 2], 1)]
        self.assertEqual(pairs, [("a", 1), ("b", 1), ("b", 2)])

    def test_a_problem_keeps_to_the_workers_that_have_a_meaning_in_it(self):
        problem = self.problem(goals="workers = [1]", a=RECORDING)
        programs = list(problem.programs(self.root))
        for asked in ([1, 2], [2]):
            numbers = [n for _, n in execute.schedule(problem, programs, asked, 1)]
            self.assertEqual(numbers, [1])

    def test_a_failing_program_is_named_and_the_others_are_still_measured(self):
        problem = self.problem(good=honest(1), bad=CRASHING)
        status, out, err, _ = self.bench(problem, "--json")
        self.assertEqual(status, 1)
        self.assertIn("toy/bad --workers 1: failed", err)
        self.assertEqual([json.loads(line)["program"] for line in out.splitlines()], ["good"])

    def test_a_program_that_lacks_something_is_left_out_by_name(self):
        problem = self.problem(good=honest(1), lacking=LEFT_OUT)
        status, out, _, missing = self.bench(problem, "--json")
        self.assertEqual(status, 0)
        self.assertEqual(missing, [("toy", "lacking", "needs python3-pil")])
        self.assertNotIn("lacking", out)

    def test_output_of_another_form_is_a_failure(self):
        outcome = execute.run(self.program(BABBLING), 1)
        self.assertNotEqual(outcome.code, 0)
        self.assertIn("metric unit value", outcome.message)

    def test_a_program_that_never_ends_is_ended(self):
        outcome = execute.run(self.program(ENDLESS), 1, limit_s=0.2)
        self.assertLess(outcome.code, 0)
        self.assertIn("no end after", outcome.message)

    def test_quick_reaches_the_program(self):
        text = "import sys; print('task ns', int('--quick' in sys.argv))"
        _, out, _, _ = self.bench(self.problem(fake=text), "--json", "--quick")
        self.assertEqual(json.loads(out)["median"], 1.0)

    def test_a_program_runs_where_the_build_has_put_its_input(self):
        text = "import pathlib; print('task ns', pathlib.Path('input').read_text())"
        problem = self.problem(fake=text)
        (self.root / "toy" / "input").write_text("7")
        _, out, _, _ = self.bench(problem, "--json")
        self.assertEqual(json.loads(out)["median"], 7.0)

class Wrong(RunnerTest):
    def test_succeeds_if_every_program_is_refused(self):
        status, out, _, _ = self.bench(self.problem(a=honest(1), b=honest(2)), "--wrong")
        self.assertEqual((status, out), (0, "wrong: 2 programs, 2 refused\n"))

    def test_fails_if_a_program_does_not_notice(self):
        status, out, err, _ = self.bench(self.problem(a=honest(1), b=GULLIBLE), "--wrong")
        self.assertEqual((status, out), (1, "wrong: 2 programs, 1 refused\n"))
        self.assertIn("toy/b: not refused", err)

    def test_a_crash_is_not_a_refusal(self):
        for text in (CRASHING, CRASHING_IF_WRONG):
            status, out, _, _ = self.bench(self.problem(fake=text), "--wrong")
            self.assertEqual((status, out), (1, "wrong: 1 programs, 0 refused\n"))

    def test_no_program_at_all_is_no_success(self):
        status, out, _, missing = self.bench(self.problem(fake=LEFT_OUT), "--wrong")
        self.assertEqual((status, out), (1, "wrong: 0 programs, 0 refused\n"))
        self.assertEqual(len(missing), 1)

class Judging(RunnerTest):
    GOALS = """
yardstick = "peer"
once = ["limit"]
[[goal]]
program = "ours"
metric = "task"
at_most = 0.5
[[goal]]
program = "ours"
metric = "task"
yardstick = "limit"
at_most = 1.1
workers = 2
[[goal]]
program = "ours"
metric = "task"
at_most_value = 3.0
"""

    def rows(self, **medians):
        return [row("toy", name, 2, "task", "ns", [median]) for name, median in medians.items()]

    def judged(self, **medians):
        rows = self.rows(**medians)
        return list(verdicts(rows, rows[0], self.problem(goals=self.GOALS)))

    def test_goals_are_ratios_to_a_yardstick_or_bounds(self):
        self.assertEqual(self.judged(ours=4, peer=10, limit=2), [
            "<= 0.5 x peer (is 0.40): met", "<= 1.1 x limit (is 2.00): missed", "<= 3 ns: missed"])

    def test_a_yardstick_that_is_not_there_is_named(self):
        self.assertEqual(self.judged(ours=2, limit=2), [
            "<= 0.5 x peer: no peer here", "<= 1.1 x limit (is 1.00): met", "<= 3 ns: met"])

    def test_a_yardstick_that_ran_once_serves_every_number_of_workers(self):
        rows = [*self.rows(ours=2), row("toy", "limit", 1, "task", "ns", [2])]
        self.assertIn("<= 1.1 x limit (is 1.00): met",
                      list(verdicts(rows, rows[0], self.problem(goals=self.GOALS))))

    def test_quartiles_are_those_of_all_runs(self):
        seen = row("toy", "ours", 1, "task", "ns", [5, 1, 4, 2, 3])
        self.assertEqual((seen.q1, seen.median, seen.q3, seen.runs), (2, 3, 4, 5))

    def test_the_table_shows_ratio_and_goal(self):
        table = report.table(self.problem(goals=self.GOALS), self.rows(ours=4, peer=10))
        ours = next(line for line in table.splitlines() if " ours " in line)
        self.assertIn("0.40", ours)
        self.assertIn("met", ours)

    def test_samples_of_two_metrics_do_not_mix(self):
        samples = Samples()
        program = catalog.Program("toy", "ours", (), self.root)
        samples.add(program, 1, execute.Outcome(0, (("p50", "us", 1.0), ("p99", "us", 9.0)), ""))
        self.assertEqual([(r.metric, r.median) for r in samples.rows()], [("p50", 1), ("p99", 9)])

class Asking(RunnerTest):
    def test_an_unknown_problem_is_answered_with_those_there_are(self):
        self.problem("fib")
        with self.assertRaisesRegex(catalog.UsageError, "no problem 'fob'; there are: fib"):
            catalog.read_problems(self.root, ["fob"])

    def test_a_goals_file_with_a_mistake_is_named(self):
        with self.assertRaisesRegex(catalog.UsageError, "goals.toml"):
            self.problem(goals="yardstck = 'tbb'")

    def test_counts_must_be_positive_numbers(self):
        for option in ("--workers", "--runs"):
            for bad in ("0", "1,x", "", "-1"):
                with self.subTest(option=option, value=bad), self.assertRaises(SystemExit) as end:
                    with contextlib.redirect_stderr(io.StringIO()):
                        command.parse([f"{option}={bad}"])
                self.assertEqual(end.exception.code, 2)

class Repository(unittest.TestCase):
    def test_every_goal_speaks_of_a_yardstick_that_has_a_source(self):
        problems = Path(__file__).resolve().parents[2] / "bench" / "problems"
        for problem in catalog.read_problems(problems, []):
            names = {source.stem for source in problem.sources()}
            named = {problem.yardstick, *problem.once, *(g.yardstick for g in problem.goals)} - {""}
            self.assertLessEqual(named, names, problem.name)

if __name__ == "__main__":
    unittest.main()
