# SPDX-License-Identifier: Apache-2.0
"""compile: oneTBB's smallest program with a task."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import compile_time  # noqa: E402  (found through the line above)

TEXT = """
int main() {
  tbb::task_group group;
  int result = 1;
  group.run([&] { result = 0; });
  group.wait();
  return result;
}
"""

if __name__ == "__main__":
    compile_time.measure(__file__, "tbb/task_group.h", "needs oneTBB", TEXT)
