"""A store and a folder that are put through something bad, and what must be found of them afterwards."""

import hashlib
import signal
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from desktop.journey.folder_list import add_folder
from desktop.journey.hotfolder.places import PLACES
from desktop.vault import audit_log, blobs, documents
from desktop.vault.connection import Vault, open_vault
from desktop.vault.documents import DocumentState, DocumentSummary
from desktop.vault.watched import Originals, Profile
from tests.desktop.conftest import draw_scan, quick_settings
from tests.desktop.crash.killed import Run
from tests.samples.pdf_file import PdfPage, pdf_file, text

ALL_IN_ALL_SECONDS = 90.0
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
        kills = f"{self.kills} kills at {len(self.edges)} edges and moments in {self.rounds} rounds, "
        return (
            f"{kills if self.kills else ''}{self.files} files: "
            f"{self.lost} lost, {self.doubled} doubled, {self.broken_chains} chains broken, {self.spared} set aside"
        )


@dataclass(frozen=True, slots=True)
class Round:
    """One store and one folder, killed again and again and then left to finish."""

    place: Path
    originals: Originals = "moved"
    reads_text: bool = True
    settle_seconds: float = 0.1

    @property
    def scans(self) -> Path:
        return self.place / "scans"

    def drop(self) -> Counter[str]:
        """Files lie in the folder: what each holds, as a hash."""
        self.scans.mkdir(parents=True, exist_ok=True)
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

    @property
    def said(self) -> str:
        """What the last run said."""
        return (self.place / "said").read_text()

    def start(self, *options: str, edge: str = "", listed: Path | None = None) -> ForkServerProcess:
        """`chartdrop watch` runs on the folder."""
        words = ("--data-dir", str(self.place / "data"), "watch", str(self.scans), "--json", *options)
        said = self.place / "said"
        said.write_bytes(b"")
        return Run(words, said, edge, self.reads_text, listed, self.settle_seconds).start()

    def watch(self, edge: str = "", kill_after: float | None = None, listed: Path | None = None) -> bool:
        """Watches until all is settled, or it is killed: whether it was."""
        process = self.start("--until-idle", edge=edge, listed=listed)
        process.join(kill_after or ALL_IN_ALL_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
            assert kill_after is not None, self.said
        assert process.exitcode in (0, 3, -signal.SIGKILL), self.said
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
            # A second copy may go once the first is whole in the store, and reading that may fail later.
            kept = 0 if is_deleted else 1 if self.originals == "deleted" else times
            tally.lost += max(0, kept - len(places[sha256]))
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


def check(tally: Tally) -> None:
    """Nothing was lost or doubled, and every chain holds."""
    print(tally)
    assert (tally.lost, tally.doubled, tally.broken_chains) == (0, 0, 0)
