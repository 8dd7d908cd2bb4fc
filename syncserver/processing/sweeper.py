"""Mends, every so often, what a crash or a lost message left, and deletes what was kept long enough.

Several processes may each sweep: every step is checked again under the row's lock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from syncserver.kit.logging import log
from syncserver.kit.rounds import Rounds
from syncserver.processing import originals, queue, repository
from syncserver.processing.work import Works
from syncserver.processing.workers import Workers

_CLEAN_EVERY = timedelta(hours=1)
_DROPPED_AT_ONCE = 100
_STRAY_AFTER = timedelta(days=1)  # an upload whose request died before its job stood in the database


@dataclass(slots=True)
class Sweeper:
    """A thread that sweeps."""

    works: Works
    workers: Workers
    _clean_at: datetime = field(init=False)
    _rounds: Rounds = field(init=False)

    def __post_init__(self) -> None:
        self._clean_at = self.works.clock()
        self._rounds = Rounds("sweeper", self.works.settings.sweep_s, self._round, fault="sweep_failed")

    def start(self) -> None:
        """Sweeping begins."""
        self._rounds.start()

    def stop(self) -> None:
        """Sweeping has ended, not in the middle of a step."""
        self._rounds.stop()

    def sweep(self) -> None:
        """Jobs of workers that were not heard of wait again, or failed; what waits is told to the workers."""
        with self.works.database.reading() as session:
            abandoned = queue.abandoned(session, self.works.clock())
        for organization_id, job_id in abandoned:
            log.warning("job_abandoned", job_id=str(job_id))
            with self.works.begin() as transaction:
                queue.recover(transaction, self.works.keys, self.works.settings, organization_id, job_id)
        with self.works.database.reading() as session:
            due = queue.due(session, self.works.clock())
        if due:
            self.workers.ring(due, again=True)

    def clean(self) -> None:
        """Originals whose time is over are deleted, and objects that belong to no job."""
        if self.works.settings.keep_originals_days:
            while self._drop_kept():
                pass
        self._drop_stray()

    def _drop_kept(self) -> bool:
        """Some of them; False when there are no more."""
        before = self.works.clock() - timedelta(days=self.works.settings.keep_originals_days)
        with self.works.database.reading() as session:
            kept = repository.kept_too_long(session, before, _DROPPED_AT_ONCE)
        for organization_id, job_id in kept:
            self._drop(organization_id, job_id)
        return len(kept) == _DROPPED_AT_ONCE

    def _drop(self, organization_id: UUID, job_id: UUID) -> None:
        with self.works.begin() as transaction:
            queue.forget_original(transaction, organization_id, job_id)
        originals.drop(self.works.storage, organization_id, job_id)  # after the commit: no row names what is gone

    def _drop_stray(self) -> None:
        old = self._old_objects()
        while jobs := list(islice(old, _DROPPED_AT_ONCE)):
            with self.works.database.reading() as session:
                wanted = repository.with_original(session, jobs)
            for job in jobs:
                if job not in wanted:
                    originals.drop(self.works.storage, *job)

    def _old_objects(self) -> Iterator[tuple[UUID, UUID]]:
        """Whose originals are stored, and not since just now: organization and job."""
        young = self.works.clock() - _STRAY_AFTER
        for found in self.works.storage.list(originals.PREFIX):
            job = originals.of_object(found.name)
            if job is not None and found.stored_at <= young:
                yield job

    def _round(self) -> None:
        self.sweep()
        if self.works.clock() >= self._clean_at:
            self.clean()
            self._clean_at = self.works.clock() + _CLEAN_EVERY
