"""Corrections: what holds is the same wherever they came in whatever order, and nothing is dropped in silence."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.documents import FieldValue, Reading
from shared.documents.corrections import (
    MAX_AHEAD,
    MOST_ADDED_ROWS,
    Correction,
    Place,
    Stamp,
    corrected,
    drafted,
    next_stamp,
    place_of,
    standings,
    without_empty_rows,
)
from shared.documents.geometry import NOWHERE
from shared.documents.reading import PERSON, Value

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NAME, DOSE = Place("patient_name"), Place("dose", "medications", 1)
SQUARE = ((1.0, 1.0), (9.0, 1.0), (9.0, 5.0), (1.0, 5.0))
FRONT, WARD = UUID(int=1), UUID(int=2)


def cell(value: Value) -> FieldValue:
    return FieldValue(value, str(value), 0.6, 1, SQUARE, needs_review=True, alternatives=("Adn",))


READING = Reading(
    "it.pdf",
    "ab" * 32,
    1,
    fields={"patient_name": cell("Ada"), "npi": None},
    tables={"medications": ({"name": cell("Morphine"), "dose": cell("1 mg")}, {"dose": cell("5 mg"), "route": None})},
)


def said(  # noqa: PLR0913, PLR0917 - what tells corrections apart
    number: int,
    value: Value | None,
    place: Place = NAME,
    replaces: tuple[int, ...] = (),
    device: UUID = FRONT,
    stamp: Stamp = Stamp(1000, 0),  # noqa: B008 - frozen
    received_at: datetime | None = None,
    read: Value | None = "Ada",
) -> Correction:
    ids = tuple(UUID(int=100 + one) for one in replaces)
    return Correction(
        UUID(int=100 + number), "ab" * 32, place, value, read, read, ids, "operator", "", device, stamp, received_at
    )


def shown(*corrections: Correction) -> FieldValue | None:
    return corrected(READING, corrections).fields["patient_name"]


def test_a_corrected_value_is_the_persons_where_the_machines_stood() -> None:
    assert shown(said(1, "Ada L.")) == FieldValue("Ada L.", "Ada", 1.0, 1, SQUARE, PERSON)


def test_with_the_value_that_was_shown_it_is_approved() -> None:
    approved = shown(said(1, "Ada"))

    assert approved is not None
    assert (approved.value, approved.source, approved.needs_review) == ("Ada", PERSON, False)


def test_a_person_may_say_that_nothing_stands_there_and_what_stands_where_nothing_was_found() -> None:
    npi = corrected(READING, [said(1, "1234567893", Place("npi"), read=None)]).fields["npi"]

    assert shown(said(1, None)) is None
    assert npi is not None
    assert (npi.value, npi.page, npi.polygon, npi.source) == ("1234567893", 0, NOWHERE, PERSON)


def test_a_later_one_that_knew_of_it_replaces_it_whatever_the_clocks_say() -> None:
    first = said(1, "Ida", stamp=Stamp(9_000_000, 0))

    result = standings([said(2, "Ada L.", replaces=(1,), device=WARD, stamp=Stamp(5, 0)), first])

    assert (result[NAME].current.value, result[NAME].others) == ("Ada L.", ())


def test_two_that_knew_nothing_of_each_other_are_both_kept_the_later_one_shown() -> None:
    both = said(1, "Ida", stamp=Stamp(1000, 0)), said(2, "Eda", device=WARD, stamp=Stamp(1000, 1))

    assert standings(both)[NAME].current.value == "Eda"
    assert [one.value for one in standings(both)[NAME].others] == ["Ida"]
    found = shown(*both)
    assert found is not None
    assert (found.needs_review, found.alternatives) == (True, ("Ida",))


def test_at_the_same_stamp_the_greater_device_counts() -> None:
    assert standings([said(1, "Ida"), said(2, "Eda", device=WARD)])[NAME].current.device_id == WARD


def test_two_who_say_the_same_are_no_conflict_and_are_replaced_together() -> None:
    both = [said(1, "Ida"), said(2, "Ida", device=WARD)]

    assert standings(both)[NAME].others == ()
    assert len(standings(both)[NAME].heads) == 2
    assert len(standings([*both, said(3, "Eda", replaces=(1, 2))])[NAME].heads) == 1


def test_whoever_replaces_all_settles_it() -> None:
    settled = standings([said(1, "Ida"), said(2, "Eda", device=WARD), said(3, "Ida", replaces=(1, 2))])

    assert (settled[NAME].current.id, settled[NAME].others) == (UUID(int=103), ())


def test_whoever_replaces_one_of_three_leaves_the_other() -> None:
    three = [said(1, "Ida"), said(2, "Eda", device=WARD), said(3, "Oda", replaces=(1,), stamp=Stamp(2000, 0))]

    assert [one.value for one in standings(three)[NAME].heads] == ["Oda", "Eda"]


def test_an_absurd_clock_counts_no_more_than_minutes_before_the_servers() -> None:
    absurd = said(1, "Ida", stamp=Stamp(4_000_000_000_000, 0), received_at=NOON)
    later = int((NOON + MAX_AHEAD).timestamp() * 1000) + 1

    assert standings([absurd, said(2, "Eda", device=WARD, stamp=Stamp(later, 0))])[NAME].current.value == "Eda"
    assert next_stamp(NOON + timedelta(hours=1), absurd.counted).milliseconds == int(
        (NOON + timedelta(hours=1)).timestamp() * 1000
    )


def test_a_clock_that_is_late_or_from_before_1970_still_follows_what_was_seen() -> None:
    seen = next_stamp(NOON, None)

    assert seen < next_stamp(NOON - timedelta(days=900), seen) < next_stamp(NOON + timedelta(seconds=1), seen)
    assert next_stamp(datetime(1901, 1, 1, tzinfo=UTC), None) == Stamp(0, 0)


def test_a_cell_is_corrected_only_where_the_same_was_read() -> None:
    right, moved = said(1, "10 mg", DOSE, read="5 mg"), said(1, "10 mg", DOSE, read="1 mg")

    assert corrected(READING, [right]).tables["medications"][1]["dose"] == FieldValue(
        "10 mg", "5 mg", 1.0, 1, SQUARE, PERSON
    )
    assert corrected(READING, [right]).tables["medications"][0] == READING.tables["medications"][0]
    assert corrected(READING, [moved]) == READING


@pytest.mark.parametrize("place", [Place("nobody"), Place("dose", "nothing"), Place("dose", "medications", 2)])
def test_what_the_reading_does_not_have_is_left_out(place: Place) -> None:
    assert corrected(READING, [said(1, "x", place)]) == READING


@pytest.mark.parametrize("path", ["fields.npi", "tables.medications.12.dose"])
def test_a_path_names_a_place(path: str) -> None:
    assert str(place_of(path)) == path


@pytest.mark.parametrize(
    "path", ["", "fields", "fields.", "fields.a.b", "tables.a.b", "tables.a.-1.b", "tables.a.².b", "tables.a.01.b"]
)
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its own
        place_of(path)


@st.composite
def histories(draw: st.DrawFn) -> list[Correction]:
    """Corrections as devices make them: each replaces what it knew of, by whatever its clock says."""
    made: list[Correction] = []
    for number in range(draw(st.integers(1, 9))):
        seen = draw(st.sets(st.sampled_from(range(number)))) if number else set()
        clock, count = draw(st.sampled_from([0, 1000, 1001, 2**52])), draw(st.integers(0, 2))
        received = draw(st.none() | st.just(NOON))
        one = said(number, draw(st.sampled_from(["Ida", "Eda", None])), draw(st.sampled_from([NAME, Place("npi")])))
        device = UUID(int=draw(st.integers(1, 3)))
        ids = tuple(made[other].id for other in sorted(seen) if made[other].place == one.place)
        made.append(replace(one, replaces=ids, device_id=device, stamp=Stamp(clock, count), received_at=received))
    return made


@given(histories(), st.randoms(use_true_random=False))
def test_what_holds_is_a_function_of_the_set_alone(history: list[Correction], chance: random.Random) -> None:
    """Of the set: so merging is commutative, associative and idempotent, as the union of sets is."""
    shuffled = history + chance.choices(history, k=4)
    chance.shuffle(shuffled)
    some, rest = frozenset(shuffled[::2]), frozenset(shuffled[1::2])

    assert standings(shuffled) == standings(history) == standings(rest | some | rest)
    assert corrected(READING, shuffled) == corrected(READING, history)


@given(histories())
def test_nothing_that_was_not_replaced_is_dropped(history: list[Correction]) -> None:
    held = standings(history)
    replaced = {one for correction in history for one in correction.replaces}

    assert {one.id for standing in held.values() for one in standing.heads} == {one.id for one in history} - replaced
    for standing in held.values():
        assert {repr(one.value) for one in standing.heads} == {
            repr(one.value) for one in (standing.current, *standing.others)
        }


@given(histories())
def test_the_next_correction_settles_all_that_it_knew_of(history: list[Correction]) -> None:
    for place, standing in standings(history).items():
        known = tuple(one.id for one in standing.heads)
        last = replace(said(99, "Oda", place, device=UUID(int=0), stamp=Stamp(0, 0)), replaces=known)

        assert standings([*history, last])[place].heads == (last,)


def test_a_person_adds_rows_after_the_last_but_no_flood_of_them() -> None:
    added = said(1, "2 mg", Place("dose", "medications", 3), read=None)
    flood = said(2, "x", Place("dose", "medications", 2 + MOST_ADDED_ROWS), read=None)

    rows = corrected(READING, [added, flood]).tables["medications"]

    assert [found.value if (found := row.get("dose")) else None for row in rows] == ["1 mg", "5 mg", None, "2 mg"]


def test_what_is_drafted_is_shown_as_it_will_be_once_it_is_said() -> None:
    dose = said(1, "10 mg", DOSE, read="5 mg")

    assert drafted(READING, {DOSE: "10 mg"}) == corrected(READING, [dose])


def test_a_row_that_was_struck_out_keeps_its_number_and_is_not_handed_on() -> None:
    struck = [
        said(1, None, Place(name, "medications", 0), read=read)
        for name, read in (("name", "Morphine"), ("dose", "1 mg"))
    ]
    struck[1] = replace(struck[1], id=UUID(int=999))

    shown = corrected(READING, struck)

    assert shown.tables["medications"][1] == READING.tables["medications"][1]
    assert without_empty_rows(shown).tables["medications"] == (READING.tables["medications"][1],)
