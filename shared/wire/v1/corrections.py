"""Corrections as they travel: in a push as they were made, in a pull as the server took them (PROTOCOL.md, 7)."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from shared.documents.corrections import Correction, Stamp, place_of
from shared.wire.v1.message import Message
from shared.wire.v1.values import Sha256

MAX_TEXT = 10_000  # characters of a value
_MAX_REPLACED = 100
_LARGEST = 2**63 - 1
_Text = Annotated[str, StringConstraints(max_length=MAX_TEXT)]
_Whole = Annotated[int, Field(ge=-_LARGEST, le=_LARGEST)]
_Number = Annotated[float, Field(allow_inf_nan=False)]
Said = _Text | bool | _Whole | _Number | Annotated[tuple[_Text, ...], Field(max_length=100)] | None


def _checked(path: str) -> str:
    place_of(path)
    return path


Path = Annotated[str, StringConstraints(max_length=200), AfterValidator(_checked)]


class StampSent(Message):
    """`shared.documents.corrections.Stamp`."""

    milliseconds: Annotated[int, Field(ge=0, le=2**53)]
    count: Annotated[int, Field(ge=0, le=2**53)]


class _Said(Message):
    sha256: Sha256
    path: Path
    value: Said
    read: Said
    base: Said
    replaces: Annotated[tuple[UUID, ...], Field(max_length=_MAX_REPLACED)]
    actor: Annotated[str, StringConstraints(max_length=100)]
    person: Annotated[str, StringConstraints(max_length=200)]
    stamp: StampSent


class CorrectionMade(_Said):
    """Operation of a push: a person of the pushing device said what stands at `path`.

    `is_erased`: without what was said, as the document was deleted there since, or as the server sees metadata only
    (PROTOCOL.md, sections 4.7 and 4.9)."""

    kind: Literal["correction.made"] = "correction.made"
    correction_id: UUID
    is_erased: bool = False


class CorrectionState(_Said):
    """Payload of a `correction`, whose id is the entity's: as `device_id` made it and the server took it."""

    device_id: UUID
    received_at: datetime


def made(correction: Correction) -> CorrectionMade:
    """The operation that tells the server of `correction`. Raises pydantic.ValidationError: a value out of bounds."""
    return CorrectionMade(
        correction_id=correction.id,
        sha256=correction.sha256,
        path=str(correction.place),
        value=correction.value,
        read=correction.read,
        base=correction.base,
        replaces=correction.replaces,
        actor=correction.actor,
        person=correction.person,
        stamp=StampSent(milliseconds=correction.stamp.milliseconds, count=correction.stamp.count),
    )


def state_of(said: CorrectionMade, device_id: UUID, received_at: datetime) -> CorrectionState:
    """What other devices hear of the operation."""
    return CorrectionState(
        **said.model_dump(exclude={"kind", "correction_id", "is_erased"}), device_id=device_id, received_at=received_at
    )


def correction_of(
    correction_id: UUID, said: CorrectionMade | CorrectionState, device_id: UUID, received_at: datetime | None
) -> Correction:
    """The correction that was told of, which `device_id` made and the server took at `received_at` (None: not yet)."""
    return Correction(
        id=correction_id,
        sha256=said.sha256,
        place=place_of(said.path),
        value=said.value,
        read=said.read,
        base=said.base,
        replaces=said.replaces,
        actor=said.actor,
        person=said.person,
        device_id=device_id,
        stamp=Stamp(said.stamp.milliseconds, said.stamp.count),
        received_at=received_at,
    )


def erased_correction(said: CorrectionMade) -> CorrectionMade:
    """`said` without anything that stood on the document."""
    return said.model_copy(update={"value": None, "read": None, "base": None, "person": "", "is_erased": True})
