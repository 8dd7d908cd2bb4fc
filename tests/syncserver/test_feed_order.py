"""The order of commits and what cursors see never disagree: on PostgreSQL, with writers that hold transactions open."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy.orm import Session

from shared.clock import system_clock
from syncserver.changes import service as changes
from syncserver.changes.service import Entity
from syncserver.kit.database import Database, open_database
from syncserver.kit.secret import load_keys
from syncserver.kit.tenancy import only
from syncserver.migrations.run import upgrade
from syncserver.settings import Settings
from syncserver.tenants import service as tenants
from tests.syncserver.conftest import SECRET, fresh_postgres

pytestmark = pytest.mark.timeout(120)
_PAGE = 7


class GivenUp(Exception):
    """A writer's transaction that is rolled back on purpose."""


@pytest.fixture(scope="module")
def database(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An empty server's database on PostgreSQL."""
    with fresh_postgres(postgres) as url:
        place = tmp_path_factory.mktemp("feeds")
        settings_ = Settings(data_dir=place, secret_key=SecretStr(SECRET), database_url=url)
        opened = open_database(settings_, load_keys(settings_))
        upgrade(opened)
        yield opened
        opened.close()


def organization(database: Database) -> UUID:
    keys = load_keys(Settings(secret_key=SecretStr(SECRET)))
    with database.writing() as session:
        return tenants.found(session, keys, "A clinic", system_clock()).id


@dataclass
class Reader:
    """A device that pulls all the while, page by page, and never goes back."""

    database: Database
    organization_id: UUID
    cursor: int = 0
    seen: list[tuple[int, str, int]] = field(default_factory=list)

    def pull(self) -> bool:
        """One page; whether there was anything in it."""
        with self.database.reading(only(self.organization_id)) as session:
            page = changes.after(session, self.organization_id, self.cursor, _PAGE)
        self.seen += [(change.seq, change.id, change.revision) for change in page]
        self.cursor = page[-1].seq if page else self.cursor
        return bool(page)

    def pull_until(self, done: threading.Event) -> None:
        while not done.is_set():
            self.pull()
        while self.pull():
            pass


@dataclass
class Writer:
    """Transactions with changes of entities of its own, and of one that all writers change; some are given up."""

    database: Database
    organization_id: UUID
    name: str
    chance: random.Random
    committed: list[str] = field(default_factory=list)

    def write(self, transactions: int) -> None:
        for number in range(transactions):
            entities = [f"{self.name}/{number}/{place}" for place in range(self.chance.randint(1, 3))]
            try:
                self._transaction(entities)
            except GivenUp:
                continue
            self.committed += entities

    def _transaction(self, entities: list[str]) -> None:
        with self.database.writing(only(self.organization_id)) as session:
            self._pause()
            for entity in entities:
                self.put(session, entity)
                self._pause()
            self.put(session, "of all")
            self._pause()
            if self.chance.random() < 0.2:
                raise GivenUp

    def put(self, session: Session, entity: str) -> None:
        """The entity changed."""
        changes.put(session, Entity(self.organization_id, "note", entity), {"by": self.name}, system_clock())

    def _pause(self) -> None:
        if self.chance.random() < 0.5:
            time.sleep(self.chance.random() * 0.006)


def check_a_schedule(database: Database, seed: int, writers: int, transactions: int) -> int:
    """Writers write while three readers pull: none misses or repeats anything. How many changes that were."""
    feed, done = organization(database), threading.Event()
    at_work = [Writer(database, feed, f"writer {n}", random.Random(seed + n)) for n in range(writers)]  # noqa: S311
    readers = [Reader(database, feed) for _ in range(3)]
    with ThreadPoolExecutor(writers + len(readers)) as pool:
        reading = [pool.submit(reader.pull_until, done) for reader in readers]
        writing = [pool.submit(writer.write, transactions) for writer in at_work]
        for written in writing:
            written.result()
        done.set()
        for read in reading:
            read.result()
    committed = sorted(entity for writer in at_work for entity in writer.committed)
    with database.reading(only(feed)) as session:
        last = {change.id: change for change in changes.after(session, feed, 0, 1_000_000)}
        head = changes.head(session, feed)
    assert (head.last_seq if head else 0) == max((change.seq for change in last.values()), default=0)
    for reader in readers:
        numbers = [seq for seq, _, _ in reader.seen]
        assert numbers == sorted(set(numbers))
        assert sorted(entity for _, entity, _ in reader.seen if entity != "of all") == committed
        shared = [revision for _, entity, revision in reader.seen if entity == "of all"]
        assert shared == sorted(set(shared))
        assert shared[-1:] == ([last["of all"].revision] if committed else [])
    return len(committed)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), writers=st.integers(2, 10), transactions=st.integers(1, 12))
def test_no_cursor_ever_passes_by_a_change(database: Database, seed: int, writers: int, transactions: int) -> None:
    check_a_schedule(database, seed, writers, transactions)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_no_cursor_ever_passes_by_a_change_in_a_long_time(database: Database) -> None:
    changes_seen, until = 0, time.monotonic() + 300
    schedules = 0
    while time.monotonic() < until:
        changes_seen += check_a_schedule(database, seed=schedules, writers=16, transactions=40)
        schedules += 1
    print(f"\n{schedules} schedules of 16 writers, {changes_seen} changes, 3 readers each: 0 missed, 0 repeated")
    assert changes_seen > 1000


def test_who_comes_second_waits_for_who_holds_the_number_and_neither_is_passed_by(database: Database) -> None:
    feed, second_is_through = organization(database), threading.Event()
    reader = Reader(database, feed)
    first, second = (Writer(database, feed, name, random.Random(1)) for name in ("first", "second"))  # noqa: S311

    def write_second() -> None:
        with database.writing(only(feed)) as session:
            second.put(session, "second")
        second_is_through.set()

    with ThreadPoolExecutor(1) as pool:
        with database.writing(only(feed)) as session:
            first.put(session, "first")
            waiting = pool.submit(write_second)
            assert not second_is_through.wait(0.5)
            assert reader.pull() is False
        waiting.result(timeout=10)

    assert reader.pull() is True
    assert [(seq, entity) for seq, entity, _ in reader.seen] == [(1, "first"), (2, "second")]


def test_a_transaction_that_is_given_up_leaves_no_gap(database: Database) -> None:
    feed = organization(database)
    writer = Writer(database, feed, "writer", random.Random(1))  # noqa: S311

    def give_up() -> None:
        with database.writing(only(feed)) as session:
            writer.put(session, "given up")
            raise GivenUp

    with pytest.raises(GivenUp):
        give_up()
    with database.writing(only(feed)) as session:
        writer.put(session, "kept")
    reader = Reader(database, feed)
    reader.pull()

    assert [(seq, entity) for seq, entity, _ in reader.seen] == [(1, "kept")]
