"""Whoever pulls the plug, and whenever: each file ends in exactly one place, each document is there once."""

import hashlib
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path

import pytest

from desktop.journey.folder_list import add_folder
from desktop.journey.hotfolder.places import PLACES
from desktop.vault import audit_log, blobs, documents
from desktop.vault.connection import Vault, open_vault
from desktop.vault.documents import DocumentState, DocumentSummary
from desktop.vault.watched import Originals, Profile
from tests.desktop.conftest import draw_scan, quick_settings
from tests.desktop.crash.killed import Run
from tests.samples.pdf_file import PdfPage, pdf_file, text

KILLS_A_ROUND = 5
ALL_IN_ALL_SECONDS = 90.0
ANY_MOMENT = "any moment"
PAGES = 2
PLACE_OF = {DocumentState.DONE: "Processed", DocumentState.FAILED: "Failed", DocumentState.QUARANTINED: "Failed"}


@dataclass(slots=True)
class Tally:
    """What the rounds came to: `spared` are documents that were set aside after three kills while they were read."""

    kills: int = 0
    rounds: int = 0
    files: int = 0
    lost: int = 0
    doubled: int = 0
    broken_chains: int = 0
    spared: int = 0
    edges: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills at {len(self.edges)} edges and moments in {self.rounds} rounds, {self.files} files: "
            f"{self.lost} lost, {self.doubled} doubled, {self.broken_chains} chains broken, {self.spared} set aside"
        )


@dataclass(frozen=True, slots=True)
class Round:
    """One store and one folder, killed again and again and then left to finish."""

    place: Path
    originals: Originals = "moved"
    reads_text: bool = True

    @property
    def scans(self) -> Path:
        return self.place / "scans"

    def drop(self) -> Counter[str]:
        """Files lie in the folder: what each holds, as a hash."""
        self.scans.mkdir(parents=True)
        for number in range(3 if self.reads_text else 1):
            self._drop_one(
                f"{self.place} {number}", self.scans / f"scan {number}.{'pdf' if self.reads_text else 'png'}"
            )
        first = next(self.scans.glob("scan 0.*"))
        (self.scans / f"again{first.suffix}").write_bytes(first.read_bytes())
        (self.scans / "torn.pdf").write_bytes(b"%PDF-1.7 torn")
        if self.originals != "moved":
            vault = self.vault()
            add_folder(vault, self.scans, Profile(originals=self.originals), audit_log.OPERATOR)
            vault.close()
        return Counter(hash_of(path) for path in self.scans.iterdir())

    def watch(self, edge: str = "", kill_after: float | None = None, listed: Path | None = None) -> bool:
        """Watches until all is settled, or it is killed: whether it was."""
        words = ("--data-dir", str(self.place / "data"), "watch", str(self.scans), "--until-idle", "--json")
        run = Run(words, self.place / "said", edge, self.reads_text, listed)
        process = run.start()
        process.join(kill_after or ALL_IN_ALL_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
            assert kill_after is not None, run.said.read_text()
        assert process.exitcode in (0, 3, -signal.SIGKILL), run.said.read_text()
        return process.exitcode == -signal.SIGKILL

    def vault(self) -> Vault:
        return open_vault(quick_settings(self.place / "data"), lambda: None)

    def judge(self, dropped: Counter[str], tally: Tally) -> None:
        """All is settled: what is not as it should be is counted."""
        vault = self.vault()
        with vault.read() as connection:
            listed = documents.listing(connection)
            tally.broken_chains += audit_log.verify(connection, vault.chain) is not None
        stored = Counter(document.sha256 for document in listed)
        tally.lost += len(dropped.keys() - stored.keys()) + sum(not is_whole(vault, document) for document in listed)
        tally.doubled += (stored - Counter(set(dropped))).total()
        vault.close()
        self._judge_files(dropped, {document.sha256: document.state for document in listed}, tally)
        tally.spared += sum(document.state is DocumentState.QUARANTINED for document in listed)
        tally.rounds += 1
        tally.files += dropped.total()

    def _judge_files(self, dropped: Counter[str], states: dict[str, DocumentState], tally: Tally) -> None:
        found = [path for path in self.scans.rglob("*") if path.is_file() and not path.name.endswith(".error.txt")]
        places: dict[str, list[str]] = {sha256: [] for sha256 in dropped}
        for path in found:
            places.setdefault(hash_of(path), []).append(path.parent.name)
        for sha256, times in dropped.items():
            is_deleted = self.originals == "deleted" and states[sha256] is DocumentState.DONE
            tally.lost += max(0, times - len(places[sha256])) if not is_deleted else 0
            tally.doubled += max(0, len(places[sha256]) - (0 if is_deleted else times))
            if times == 1:  # the second of a pair has one that was set aside read again
                assert set(places[sha256]) <= {PLACE_OF[states[sha256]]}, (states, places)
        tally.doubled += sum(len(where) for sha256, where in places.items() if sha256 not in dropped)
        assert {name for where in places.values() for name in where} <= set(PLACES), places

    def _drop_one(self, words: str, path: Path) -> None:
        if self.reads_text:
            path.write_bytes(letter(words))
        else:
            draw_scan(path, words[-30:])


def letter(words: str, pages: int = PAGES) -> bytes:
    return pdf_file([PdfPage(text(72, 700, f"{words}, page {number}")) for number in range(1, pages + 1)])


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_whole(vault: Vault, document: DocumentSummary) -> bool:
    """Whether the document's original, its reading, and a picture of each page that was read are in the store."""
    with vault.read() as connection:
        original = blobs.find(connection, document.id, "original")
        pictures = [blobs.find(connection, document.id, "page", n + 1) for n in range(document.page_count)]
        reading = documents.reading(connection, document.id)
    if original is None or hashlib.sha256(vault.blobs.read(original)).hexdigest() != document.sha256:
        return False
    if document.state is not DocumentState.DONE:
        return True
    return len(reading.pages) == document.page_count > 0 and all(one and vault.blobs.read(one) for one in pictures)


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


def check(tally: Tally) -> None:
    print(tally)
    assert (tally.lost, tally.doubled, tally.broken_chains) == (0, 0, 0)


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
