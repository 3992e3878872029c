# SPDX-License-Identifier: Apache-2.0
"""process_call on concurrent.futures.ProcessPoolExecutor, which has no chunks of its own."""
import concurrent.futures
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import program  # noqa: E402  (found through the line above)
import python_calls as calls  # noqa: E402


def main():
    given = program.parse()
    work = program.constants(__file__)
    with concurrent.futures.ProcessPoolExecutor(given.workers) as pool:
        calls.measure_echo(given, work, lambda value: pool.submit(calls.echo, value).result())
        calls.measure_tiny(given, work, "tiny_unchunked",
                           lambda numbers: list(pool.map(calls.increment, numbers)), 1)


if __name__ == "__main__":
    main()
