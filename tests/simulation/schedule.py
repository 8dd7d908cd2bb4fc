"""One schedule: what people, machines, clocks, the wire and the server do, in an order that a seed decides."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select

from desktop.journey.intake.accept import Incoming
from desktop.journey.intake.keep import keep_reading
from desktop.journey.review.decisions import Reviewer, Word, approve, correct, settle
from desktop.journey.sync.push import Round
from desktop.vault import corrections, documents, members, outbox, people
from desktop.vault.connection import Vault
from desktop.vault.documents import DocumentSummary
from desktop.vault.erasure import delete_document
from desktop.vault.outcomes import record_outcome
from desktop.vault.people import Person
from shared.documents import FieldValue, Reading
from shared.documents.corrections import Correction, Place
from shared.wire.v1.sync import Payload
from syncserver.audit.service import AuditWriter
from syncserver.events.transaction import beginner
from syncserver.identity.access import Access
from syncserver.identity.members.schemas import UserChange
from syncserver.identity.members.service import change as change_member
from syncserver.identity.people.models import User
from syncserver.identity.roles import Role
from tests.simulation.clinic import Clinic
from tests.simulation.wire import HostileWire

PAPERS = tuple(f"{number:02x}" * 32 for number in range(1, 4))
PLACES = (Place("patient_name"), Place("npi"), Place("dose", "medications", 0))
_PAYLOAD: TypeAdapter[Payload] = TypeAdapter(Payload)
STEPS = 30
"""Acts of a schedule."""
_SQUARE = ((1.0, 1.0), (9.0, 1.0), (9.0, 5.0), (1.0, 5.0))
_JUMPS = (
    timedelta(seconds=-1),
    timedelta(minutes=6),
    timedelta(days=-400),
    timedelta(days=400),
    timedelta(days=365 * 275),
    timedelta(days=-365 * 57),  # before 1970
    timedelta(),
)


def reading(paper: str, version: int = 1) -> Reading:
    """What a reader finds on the paper; another version of it finds something else."""

    def cell(value: str) -> FieldValue:
        return FieldValue(value, value, 0.5, 1, _SQUARE, needs_review=True)

    return Reading(
        f"{paper[:2]}.pdf",
        paper,
        2,
        document_type="hospice_admission",
        fields={"patient_name": cell(f"Patient {paper[:2]} v{version}"), "npi": None},
        tables={"medications": ({"dose": cell("5 mg")},)},
    )


@dataclass
class Schedule:
    """A clinic at work; `made` is what people said, `taken` what they handed in, and were told that it is kept.

    `gone` is what a machine had written down that was then restored from an older backup: what of it the server was
    told is not lost."""

    seed: int
    clinic: Clinic
    steps: int = STEPS
    log: list[str] = field(default_factory=list)
    made: set[UUID] = field(default_factory=set)
    taken: set[UUID] = field(default_factory=set)
    gone: dict[UUID, Payload] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311 - to be repeated, not to be kept secret
        self.time, self.server, self.machines = self.clinic.time, self.clinic.server, self.clinic.machines
        self.organization_id, self.api_key = self.clinic.organization_id, self.clinic.api_key
        self.wires = [HostileWire(lambda: self.server.app, self.chance, machine.step) for machine in self.machines]
        self.backup: Path | None = None
        self.backups: dict[int, Path] = {}
        # What one of them loses, another must have: one of these in a schedule. (A server that lost what its only
        # author has erased since cannot get it again, nor what a machine wrote that was restored from before that.)
        self.loses = self.chance.choice(("server", "documents", "machines"))
        self.clinic.reset(self.wires)

    def run(self) -> None:
        """Everything has happened, and the clinic has come to rest."""
        for _ in range(self.steps):
            self.time.now += timedelta(seconds=self.chance.choice((0, 1, 7, 900)))
            act = self.chance.choices(tuple(_ACTS), tuple(_ACTS.values()))[0]
            number = self.chance.randrange(len(self.machines))
            machine = self.machines[number]
            if self.chance.random() < 0.15:
                machine.crashes_in = self.chance.randrange(12)
            self.log.append(f"{act.__name__} {machine.place.name} crash={machine.crashes_in}")
            machine.survive(lambda act=act, number=number: act(self, number))  # type: ignore[misc]
        self.rest()

    def rest(self) -> None:
        """The wire is whole, nothing crashes, and everybody syncs until nobody has anything new."""
        self.server.fails_in = None
        for wire in self.wires:
            wire.is_healed = True
        for _ in range(10):
            self.server.deliver()
            done = [machine.courier.round() for machine in self.machines]
            self.server.deliver()
            if all(_is_quiet(one) for one in done):
                return
        raise AssertionError(f"never at rest: {done}")

    def _held(self, number: int) -> DocumentSummary | None:
        """A document of the machine."""
        with self.machines[number].vault.read() as connection:
            every = documents.listing(connection)
        return self.chance.choice(sorted(every, key=lambda one: one.sha256)) if every else None

    def take_in(self, number: int) -> None:
        """A paper is scanned and read."""
        machine, paper = self.machines[number], self.chance.choice(PAPERS)
        incoming = Incoming(f"{paper[:2]}.pdf", paper, 3, None, "auto", 100)
        self.taken.add(keep_reading(machine.vault, incoming, reading(paper), ()).document_id)

    def read_again(self, number: int) -> None:
        """Another version of the reader finds something else."""
        document, version = self._held(number), self.chance.randrange(1, 4)
        if document:
            with self.machines[number].vault.act() as connection:
                record_outcome(self.machines[number].vault, connection, document.id, reading(document.sha256, version))

    def correct(self, number: int) -> None:
        """Somebody says what stands there, perhaps of what they looked at before others spoke."""
        document = self._held(number)
        if document is None:
            return
        place, value = self.chance.choice(PLACES), self.chance.choice(("Ida", "Eda", "Ada", None))
        seen = None if self.chance.random() < 0.8 else ()
        vault = self.machines[number].vault
        self._note(correct(vault, document.id, Word(place, value, seen), self._reviewer(number)))

    def approve(self, number: int) -> None:
        """Somebody finds all as it should be."""
        if document := self._held(number):
            for one in approve(self.machines[number].vault, document.id, self._reviewer(number)):
                self._note(one)

    def settle(self, number: int) -> None:
        """Somebody says who is right."""
        vault = self.machines[number].vault
        with vault.read() as connection:
            every = list(corrections.open_conflicts(connection))
        if every:
            conflict = self.chance.choice(every)
            keep = self.chance.choice(conflict.standing.heads)
            self._note(settle(vault, conflict.document.id, conflict.place, keep.id, self._reviewer(number)))

    def delete(self, number: int) -> None:
        """A document is deleted for good."""
        document = self._held(number)
        if document and self.loses == "documents":
            delete_document(self.machines[number].vault, document.id, "operator")

    def change_person(self, _: int) -> None:
        """The organization gives somebody another role, or lets them go, or come back."""
        with suppress(OSError):  # the server may be failing: then nothing changed
            self._change_person()

    def _change_person(self) -> None:
        begin = beginner(self.server.database, self.time, AuditWriter(self.server.keys), lambda: None)
        with self.server.database.reading() as session:
            owner = session.scalars(select(User.id).where(User.role == Role.OWNER)).one()
            ids = sorted(session.scalars(select(User.id).where(User.role != Role.OWNER)))
        access = Access(self.clinic.organization_id, owner, Role.OWNER, f"user:{owner}", is_superuser=False)
        wanted = UserChange(role=self.chance.choice((Role.ADMIN, Role.MEMBER, Role.READ_ONLY)))
        if self.chance.random() < 0.4:
            wanted = UserChange(is_active=self.chance.random() < 0.5)
        with begin() as transaction:
            change_member(transaction, access, self.chance.choice(ids), wanted)

    def admit(self, number: int) -> None:
        """A machine's manager admits somebody of whom it heard."""
        vault = self.machines[number].vault
        with vault.act() as connection:
            for member in members.listing(connection):
                if people.get(connection, member.id) is None and self.chance.random() < 0.5:
                    people.admit(connection, Person(member.id, member.name, member.role, vault.clock()), "secret")

    def sync(self, number: int) -> None:
        """A round, however it ends."""
        self.machines[number].courier.round()

    def restart(self, number: int) -> None:
        """The machine's program is ended and started."""
        self.machines[number].reopen()

    def set_clock(self, number: int) -> None:
        """Somebody, or an empty battery, sets the machine's clock."""
        self.machines[number].ahead = self.chance.choice(_JUMPS)

    def deliver(self, _: int) -> None:
        """The server's relay gets a little further."""
        with suppress(OSError):  # the event stays, and is tried again
            self.server.deliver(self.chance.randrange(1, 4))

    def fail(self, _: int) -> None:
        """One of the server's next commits fails."""
        self.server.fails_in = self.chance.randrange(6)

    def restart_server(self, _: int) -> None:
        """The server forgets all that its database does not hold."""
        self.server.reopen()

    def back_up_server(self, _: int) -> None:
        """A backup of the server is taken."""
        self.backup = self.server.back_up()

    def restore_server(self, _: int) -> None:
        """The server is what it was when its backup was taken."""
        if self.loses == "server" and self.backup:
            self.server.fails_in = None
            self.server.restore(self.backup)

    def back_up_machine(self, number: int) -> None:
        """A backup of the machine's store is taken."""
        self.backups[number] = self.machines[number].back_up()

    def restore_machine(self, number: int) -> None:
        """The machine's store is what it was when its backup was taken; what was done since is gone there."""
        if self.loses == "machines" and number in self.backups:
            self.gone |= written(self.machines[number].vault)
            self.machines[number].restore(self.backups[number])

    def _note(self, correction: Correction) -> None:
        self.made.add(correction.id)

    def _reviewer(self, number: int) -> Reviewer:
        return Reviewer(f"person:{number}", f"Person {number}")


def written(vault: Vault) -> dict[UUID, Payload]:
    """All that stands in the machine's outbox, by the operations' ids."""
    with vault.read() as connection:
        return {row.operation_id: _PAYLOAD.validate_json(row.payload) for row in outbox.after(connection, 0)}


def _is_quiet(done: Round) -> bool:
    assert done.fault is None, done.fault
    return (done.sent, done.waiting, done.fetched) == (0, 0, 0)


_ACTS: dict[Callable[[Schedule, int], None], int] = {
    Schedule.take_in: 14,
    Schedule.correct: 22,
    Schedule.approve: 4,
    Schedule.settle: 6,
    Schedule.read_again: 4,
    Schedule.delete: 2,
    Schedule.sync: 34,
    Schedule.restart: 2,
    Schedule.set_clock: 5,
    Schedule.deliver: 4,
    Schedule.fail: 3,
    Schedule.restart_server: 1,
    Schedule.back_up_server: 2,
    Schedule.restore_server: 2,
    Schedule.change_person: 4,
    Schedule.admit: 3,
    Schedule.back_up_machine: 3,
    Schedule.restore_machine: 3,
}
