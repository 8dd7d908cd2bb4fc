"""What is measured: searching, opening, inserting."""

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from desktop.vault import documents
from desktop.vault.connection import Vault, open_vault
from desktop.vault.documents import DocumentState, NewDocument
from desktop.vault.outcomes import record_outcome
from desktop.vault.search import SearchQuery, search
from shared.clock import system_clock
from shared.documents import Reading
from shared.ids import new_id
from tests.quality.vault.pages import KINDS, Language, invent_reading
from tests.quality.vault.stores import open_plain, settings_for

_QUERIES_A_KIND = 200
_OPENINGS = 9
_ROUNDS, _INSERTS_A_ROUND = 24, 25


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds, sorted."""

    taken: tuple[float, ...]

    def quantile(self, share: float) -> float:
        return self.taken[min(len(self.taken) - 1, int(share * len(self.taken)))]


@dataclass(frozen=True, slots=True)
class Inserts:
    """Milliseconds a document, of each round: in plain SQLite and encrypted, one after the other."""

    plain: tuple[float, ...]
    encrypted: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Of the medians."""
        return statistics.median(self.encrypted) / statistics.median(self.plain)


def time_searches(data_dir: Path, language: Language, chance: random.Random) -> dict[str, Times]:
    """How long searches of each kind took, in one mix, as people would ask them; `all` are those of all kinds."""
    asked = [(kind, ask(chance, language)) for kind, ask in _KINDS_OF_QUERY.items() for _ in range(_QUERIES_A_KIND)]
    chance.shuffle(asked)
    taken: dict[str, list[float]] = {kind: [] for kind in ("all", *_KINDS_OF_QUERY)}
    vault = open_vault(settings_for(data_dir), lambda: None)
    for kind, query in asked:
        took = _milliseconds(partial(_search, vault, query))
        taken[kind].append(took)
        taken["all"].append(took)
    vault.close()
    return {kind: Times(tuple(sorted(several))) for kind, several in taken.items()}


def time_openings(data_dir: Path) -> tuple[Times, Times]:
    """Opening a store, its passphrase stretched each time; and that in a new process, Python's start included."""
    inside = [_milliseconds(lambda: open_vault(settings_for(data_dir), lambda: None).close()) for _ in range(_OPENINGS)]
    script = (
        "from pathlib import Path; from tests.quality.vault.stores import settings_for; "
        "from desktop.vault.connection import open_vault; "
        f"open_vault(settings_for(Path({str(data_dir)!r})), lambda: None).close()"
    )
    alone = [
        _milliseconds(lambda: subprocess.run([sys.executable, "-c", script], check=True)) for _ in range(_OPENINGS)
    ]
    return Times(tuple(sorted(inside))), Times(tuple(sorted(alone)))


def time_inserts(place: Path, language: Language, chance: random.Random) -> tuple[Inserts, Inserts]:
    """Documents taken in and read, each durably: with all of Chartdrop's work, and SQL's share of it alone."""
    readings = [invent_reading(chance, language, n, with_words=True) for n in range(_INSERTS_A_ROUND)]
    return _in_turns(place / "whole", readings, _take_in), _in_turns(place / "bare", readings, _insert_bare)


def _in_turns(place: Path, readings: Sequence[Reading], insert: Callable[[Vault, Sequence[Reading]], None]) -> Inserts:
    plain, encrypted = open_plain(place / "plain"), open_vault(settings_for(place / "encrypted"), lambda: None)
    taken: dict[bool, list[float]] = {True: [], False: []}
    for number in range(_ROUNDS):
        for vault in (plain, encrypted) if number % 2 else (encrypted, plain):  # neither is always the first
            begun = time.perf_counter()
            insert(vault, readings)
            taken[vault is plain].append((time.perf_counter() - begun) * 1000 / len(readings))
    plain.close()
    encrypted.close()
    return Inserts(tuple(taken[True][1:]), tuple(taken[False][1:]))  # the first round warms both


def _take_in(vault: Vault, readings: Sequence[Reading]) -> None:
    for reading in readings:
        new = NewDocument(new_id(), new_id().hex * 2, reading.file_name, 1, "auto")
        with vault.act() as connection:
            documents.add(connection, new, system_clock())
        with vault.act() as connection:
            record_outcome(vault, connection, new.id, reading)


def _insert_bare(vault: Vault, readings: Sequence[Reading]) -> None:
    """The same rows of pages, index and reading, without Python's work on them."""
    connection = vault.engine.raw_connection()
    cursor = connection.cursor()
    for reading in readings:
        shown = "\n".join(line.text for line in reading.pages[0].lines)
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute(
            "INSERT INTO outbox (sequence, operation_id, occurred_at, payload) "
            "VALUES ((SELECT coalesce(max(sequence), 0) + 1 FROM outbox), ?, '', ?)",
            (str(new_id()), shown * 20),  # about what a reading with its words' places has
        )
        cursor.execute(
            "INSERT INTO page_index (text, found, file_name, filed, shown) VALUES (?, '', ?, '', ?)",
            (shown, reading.file_name, shown),
        )
        cursor.execute("COMMIT")
    connection.close()


def _search(vault: Vault, query: SearchQuery) -> None:
    with vault.read() as connection:
        search(connection, query)


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _some_words(chance: random.Random, language: Language, count: int) -> str:
    return " ".join(chance.choices(language.words, cum_weights=language.weights, k=count))


def _days(chance: random.Random) -> tuple[datetime, datetime]:
    since = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(6 * 365))
    return since, since + timedelta(days=chance.choice((1, 7, 31, 365)))


def _typed_name(chance: random.Random, language: Language) -> SearchQuery:
    name = " ".join(chance.choices(language.names, k=chance.randint(1, 2)))
    return SearchQuery(name[: chance.randint(1, len(name))])


def _narrowed(chance: random.Random, language: Language) -> SearchQuery:
    since, until = _days(chance)
    kind = chance.choice((None, *KINDS))
    return SearchQuery(_some_words(chance, language, 1) + " ", kind, None, since, until)


_KINDS_OF_QUERY: dict[str, Callable[[random.Random, Language], SearchQuery]] = {
    "a name, as it is typed": _typed_name,
    "a name": lambda chance, language: SearchQuery(chance.choice(language.names) + " "),
    "one word, the common ones most": lambda chance, language: SearchQuery(_some_words(chance, language, 1) + " "),
    "two or three words": lambda chance, language: SearchQuery(_some_words(chance, language, chance.randint(2, 3))),
    "one of the ten commonest words": lambda chance, language: SearchQuery(chance.choice(language.words[:10]) + " "),
    "one word, narrowed by kind and days": _narrowed,
    "a common word, since a day": lambda chance, language: SearchQuery(
        chance.choice(language.words[:100]), since=_days(chance)[0]
    ),
    "a common word, until a day": lambda chance, language: SearchQuery(
        chance.choice(language.words[:100]), until=_days(chance)[0]
    ),
    "a common word that no failed one has": lambda chance, language: SearchQuery(
        chance.choice(language.words[:100]), state=DocumentState.FAILED
    ),
}
