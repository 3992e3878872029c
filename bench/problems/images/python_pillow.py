# SPDX-License-Identifier: Apache-2.0
"""images as a guide to Python would write it: multiprocessing.Pool and Pillow."""
import multiprocessing
import os
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import program  # noqa: E402  (found through the line above)

try:
    from PIL import Image
except ImportError:
    program.leave_out("python3-pil")


def convert(task):
    source, target, width, quality = task
    with Image.open(source) as image:
        gray = image.convert("L")
        height = max(1, round(gray.height * width / gray.width))
        gray.resize((width, height), Image.LANCZOS).save(target, quality=quality)


def is_right(task):
    source, target, width, _ = task
    with Image.open(source) as full, Image.open(target) as saved:
        height = max(1, round(full.height * width / full.width))
        wanted = full.convert("L").resize((width, height), Image.LANCZOS).tobytes()
        if (saved.mode, saved.size) != ("L", (width, height)):
            return False
        apart = sum(abs(a - b) for a, b in zip(saved.tobytes(), wanted))
        return apart <= 4 * len(wanted)  # JPEG loses a little


def main():
    given = program.parse()
    work = program.constants(__file__)
    folder = pathlib.Path("photos")
    if not folder.is_dir():
        program.leave_out("a folder 'photos' where it runs, made by tools/make_photos")
    count = work["quick_photos" if given.quick else "photos"]
    out = pathlib.Path(f"out-{os.getpid()}")
    out.mkdir()
    sources = sorted(path for path in folder.rglob("*.jpg"))[:count]
    tasks = [(str(source), str(out / source.name), work["width"], work["quality"])
             for source in sources]
    with multiprocessing.Pool(given.workers) as pool:
        best = program.best_ns(given, 3, lambda: pool.map(convert, tasks))
    right = sum(map(is_right, tasks))
    shutil.rmtree(out)
    program.require_answer(given, "number of right images", right, count)
    program.show("image", "ms", best / 1e6 / len(tasks))


if __name__ == "__main__":
    main()
