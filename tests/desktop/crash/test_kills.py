"""Whoever pulls the plug, and whenever: each file ends in exactly one place, each document is there once."""

import random
import time
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path

import pytest

from desktop.vault.watched import Originals
from tests.desktop.crash.rounds import Round, Tally, check

KILLS_A_ROUND = 5
ANY_MOMENT = "any moment"


def edges_of(place: Path) -> list[str]:
    """Every edge that a whole run passes, at its first time and in the middle of its times."""
    found = []
    both: tuple[Originals, ...] = ("moved", "deleted")
    for originals in both:
        one = Round(place / originals, originals)
        one.drop()
        assert not one.watch(listed=one.place / "edges")
        for line in (one.place / "edges").read_text().splitlines():
            edge, _, times = line.rpartition(" ")
            found += [f"{edge} {number}" for number in (1, max(1, int(times) // 2))]
    return sorted(set(found))


def kill_rounds(place: Path, kills: int, seed: int, *, reads_text: bool = True) -> Tally:
    """Rounds, until so many `kills` were done."""
    print(f"seed {seed}")
    chance, tally = random.Random(seed), Tally()  # noqa: S311 - repeatable on purpose
    edges = edges_of(place / "whole")
    assert len(edges) > 100
    chosen = cycle(chance.sample(edges, len(edges)))
    for number in count():
        if tally.kills >= kills:
            break
        one = Round(place / str(number), "deleted" if number % 3 == 2 else "moved", reads_text)
        dropped = one.drop()
        kill_in_a_row(one, chosen, chance, tally, min(KILLS_A_ROUND, kills - tally.kills))
        assert not one.watch()
        one.judge(dropped, tally)
    return tally


def kill_in_a_row(one: Round, chosen: Iterator[str], chance: random.Random, tally: Tally, kills: int) -> None:
    """Three of four kills are at a step's edge, the others at any moment; over when a run comes to its end."""
    longest = 1.2 if one.reads_text else 8.0  # seconds that a run takes, about
    for _ in range(kills):
        edge = next(chosen) if chance.random() < 0.75 else ANY_MOMENT
        killed = one.watch(kill_after=chance.uniform(0.1, longest)) if edge == ANY_MOMENT else one.watch(edge)
        if not killed:
            return
        tally.kills += 1
        tally.edges[edge] += 1


@pytest.mark.timeout(300)
def test_seventeen_kills_lose_and_double_nothing_and_break_no_chain(tmp_path: Path) -> None:
    check(kill_rounds(tmp_path, 17, seed=17))


@pytest.mark.timeout(300)
def test_nor_do_three_while_real_pages_are_read(tmp_path: Path) -> None:
    check(kill_rounds(tmp_path, 3, seed=3, reads_text=False))


@pytest.mark.soak
@pytest.mark.parametrize(("kills", "reads_text"), [(170, True), (30, False)])
def test_nor_do_two_hundred(tmp_path: Path, kills: int, reads_text: bool) -> None:
    check(kill_rounds(tmp_path, kills, seed=time.time_ns(), reads_text=reads_text))
