# SPDX-License-Identifier: Apache-2.0
"""yield on Python's asyncio: each player awaits sleep(0)."""
import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import program  # noqa: E402  (found through the line above)


class Score:
    def __init__(self):
        self.last = -1
        self.alternations = 0

    def turn(self, player):
        self.alternations += player != self.last
        self.last = player


async def play(score, player, each):
    for _ in range(each):
        score.turn(player)
        await asyncio.sleep(0)


async def both(score, each):
    await asyncio.gather(play(score, 0, each), play(score, 1, each))


def main():
    given = program.parse()
    each = given.scaled(program.constants(__file__)["turns"]) // 2
    score = Score()

    def one_round():
        score.__init__()
        asyncio.run(both(score, each))

    best = program.best_ns(given, 2, one_round)
    program.require_answer(given, "number of turns", score.alternations, 2 * each)
    program.show("turn", "ns", best / (2 * each))


if __name__ == "__main__":
    main()
