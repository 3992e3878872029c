# SPDX-License-Identifier: Apache-2.0
"""compile: quartet's smallest program with a pool."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import compile_time  # noqa: E402  (found through the line above)

TEXT = """
int main() {
  quartet::thread_pool pool;
  return pool.submit([] { return 0; }).blocking_get();
}
"""

if __name__ == "__main__":
    compile_time.measure(__file__, "quartet/exec/threads/thread_pool.hpp", "quartet", TEXT)
