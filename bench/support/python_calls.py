# SPDX-License-Identifier: Apache-2.0
"""The work of process_call for Python's pools; the numbers come from problem.hpp."""
import time

import program


def echo(value):
    return value


def increment(value):
    return value + 1


def _latencies_us(count, pause_s, call):
    latencies, right = [], 0
    call(-1)  # the first call starts things
    for i in range(count):
        if pause_s:
            time.sleep(pause_s)
        begin = time.perf_counter_ns()
        answer = call(i)
        latencies.append((time.perf_counter_ns() - begin) / 1000)
        right += answer == i
    return latencies, right


def measure_echo(given, work, call):
    """`work` holds the constants of problem.hpp; `call(i)` gives i, through another process."""
    pause_s = work["pause_us"] / 1e6
    for name, count, pause in (("echo", work["echoes"] // 10, 0),  # a call is ten times slower here
                               ("parked", work["parked_echoes"], pause_s)):
        count = given.scaled(count)
        latencies, right = _latencies_us(count, pause, call)
        program.require_answer(given, "number of right echoes", right, count)
        program.show(f"{name}_p50", "us", program.percentile(latencies, 0.50))
        program.show(f"{name}_p99", "us", program.percentile(latencies, 0.99))


def measure_tiny(given, work, metric, mapped, repetitions):
    """`mapped(numbers)` gives a list of each number plus one."""
    numbers = list(range(given.scaled(work["numbers"])))
    output = []

    def one_round():
        output[:] = mapped(numbers)

    best = program.best_ns(given, repetitions, one_round)
    right = sum(found == increment(number) for found, number in zip(output, numbers))
    program.require_answer(given, "number of right increments", right, len(numbers))
    program.show(metric, "us", best / 1000 / len(numbers))
