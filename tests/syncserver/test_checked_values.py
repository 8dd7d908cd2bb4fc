"""Accuracy by what people checked: each value once, by what holds of it, against what was read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest
from sqlalchemy import text

from shared.documents import failed_reading
from shared.documents.corrections import Correction, Place, Stamp
from shared.ids import new_id
from shared.wire.v1.corrections import CorrectionMade, erased_correction
from syncserver.analytics.checking import counts_of
from syncserver.analytics.counting import rebuild
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import FILE_NAME, PATIENT, SHA256, Desktop, admission
from tests.syncserver.test_analytics import read_at, told

pytestmark = pytest.mark.timeout(60)
OTHER = "cd" * 32


def pushed(*desktops: Desktop) -> None:
    for desktop in desktops:
        answer = desktop.push()
        assert answer.status_code == 200, answer.text


def figures(server: Server, days: int = 30) -> tuple[int, int, float | None]:
    """Checked, corrected, accuracy of admissions."""
    items = told(server, "accuracy", days=days)["items"]
    [kind] = [one for one in items if one["document_type"] == "hospice_admission"]
    return kind["checked"], kind["corrected"], kind["accuracy"]


def by_field(server: Server) -> dict[str, tuple[int, int]]:
    items = told(server, "accuracy", by="field")["items"]
    return {one["field"]: (one["checked"], one["corrected"]) for one in items}


def read(server: Server) -> Desktop:
    """A desktop on which an admission was read."""
    desktop = server.desktop()
    read_at(desktop, server.clock())
    pushed(desktop)
    return desktop


def test_a_correction_that_is_pushed_changes_the_figure_once(server: Server) -> None:
    desktop = read(server)
    assert figures(server) == (0, 0, None)

    desktop.correct("Wilma")
    for _ in range(2):
        pushed(desktop)
        assert figures(server) == (1, 1, 0.0)
    assert by_field(server) == {"patient_name": (1, 1)}


def test_told_of_twice_it_counts_once(server: Server) -> None:
    desktop = read(server)
    desktop.correct("Wilma")
    pushed(desktop)
    before = figures(server)

    with server.parts.database.writing() as session:
        session.execute(text("UPDATE events SET delivered_at = NULL"))  # delivered once more, all of them

    assert figures(server) == before == (1, 1, 0.0)
    assert by_field(server) == {"patient_name": (1, 1)}


def test_two_corrections_of_one_value_count_once_whether_they_know_of_each_other_or_not(server: Server) -> None:
    desktop, other = read(server), server.desktop()
    first = desktop.correct("Wilma", milliseconds=1)
    desktop.correct("Minna", replaces=(first,), milliseconds=2)
    other.correct("Willa", milliseconds=3)

    pushed(desktop, other)

    assert figures(server) == (1, 1, 0.0)


def test_a_correction_that_is_undone_counts_no_more(server: Server) -> None:
    desktop = read(server)
    first = desktop.correct("Wilma")
    pushed(desktop)
    assert figures(server) == (1, 1, 0.0)

    desktop.correct(PATIENT, replaces=(first,))
    pushed(desktop)

    assert figures(server) == (1, 0, 1.0)
    assert by_field(server) == {"patient_name": (1, 0)}


def test_a_confirmed_value_was_right_and_a_missed_or_struck_out_one_was_not(server: Server) -> None:
    desktop = read(server)
    desktop.correct(PATIENT)
    say(desktop, "fields.npi", read=None, value=None)
    say(desktop, "fields.diagnosis", read=None, value="C34.90")
    say(desktop, "tables.medications.0.name", read="Morphine", value=None)
    say(desktop, "tables.medications.1.name", read="Lorazepam", value="Lorazepam")
    pushed(desktop)

    assert figures(server) == (5, 2, 0.6)
    assert by_field(server) == {
        "patient_name": (1, 0),
        "npi": (1, 0),
        "diagnosis": (1, 1),
        "medications.name": (2, 1),
    }


def say(desktop: Desktop, path: str, **changes: object) -> None:
    """Somebody said so of that place."""
    desktop.correct(None, path=path)
    last = desktop.outbox.pop()
    assert isinstance(last.payload, CorrectionMade)
    desktop.write(last.payload.model_copy(update=changes))


def test_it_counts_when_the_document_was_read_and_for_the_kind_that_it_was_read_as(server: Server) -> None:
    desktop, now = server.desktop(), server.clock()
    document_id = read_at(desktop, now - timedelta(days=3))
    desktop.correct("Wilma")
    pushed(desktop)
    assert figures(server, days=7) == (1, 1, 0.0)
    assert told(server, "accuracy", days=2)["items"] == []

    read_at(desktop, now, replace(admission(), document_type="face_sheet"), document_id)
    pushed(desktop)

    [kind] = told(server, "accuracy", days=2)["items"]
    assert (kind["document_type"], kind["checked"], kind["corrected"]) == ("face_sheet", 1, 1)
    assert [one["document_type"] for one in told(server, "accuracy", days=7, by="field")["items"]] == ["face_sheet"]


def test_what_was_said_before_the_document_came_counts_once_it_has(server: Server) -> None:
    desktop, other = server.desktop(), server.desktop()
    other.correct("Wilma")
    pushed(other)
    assert told(server, "accuracy", by="field")["items"] == []

    read_at(desktop, server.clock())
    pushed(desktop)

    assert figures(server) == (1, 1, 0.0)


def test_the_same_content_twice_is_checked_once_and_what_cannot_be_read_not_at_all(server: Server) -> None:
    desktop, other, now = server.desktop(), server.desktop(), server.clock()
    read_at(desktop, now)
    again = read_at(other, now)
    desktop.correct("Wilma")
    pushed(desktop, other)
    assert figures(server) == (1, 1, 0.0)

    read_at(other, now, failed_reading(FILE_NAME, SHA256, "encrypted", "The file is encrypted."), again)
    pushed(other)
    assert figures(server) == (1, 1, 0.0)


def test_another_organizations_corrections_count_for_it_alone(server: Server) -> None:
    desktop, stranger = read(server), server.desktop(server.south)
    read_at(stranger, server.clock())
    stranger.correct("Wilma")
    pushed(desktop, stranger)

    assert figures(server) == (0, 0, None)
    assert told(server, "accuracy", server.south)["items"][0]["corrected"] == 1


def test_what_is_not_told_is_not_counted(server: Server) -> None:
    desktop = read(server)
    desktop.correct("Wilma")
    last = desktop.outbox.pop()
    assert isinstance(last.payload, CorrectionMade)
    desktop.write(erased_correction(last.payload))
    pushed(desktop)

    assert figures(server) == (0, 0, None)


def test_what_another_device_tells_of_too_counts_once(server: Server) -> None:
    desktop, other = read(server), server.desktop()
    desktop.correct("Wilma")
    other.write(desktop.outbox[-1].payload)
    pushed(desktop, other)

    assert figures(server) == (1, 1, 0.0)


def test_names_that_a_device_invents_stop_nothing(server: Server) -> None:
    desktop = read(server)
    say(desktop, "fields.a\u0000\u001f\nb", value="x")
    say(desktop, "fields." + "é" * 190, value="x")
    pushed(desktop)

    assert by_field(server) == {"a???b": (1, 1), "é" * 190: (1, 1)}


def test_rebuilding_comes_to_the_same(server: Server) -> None:
    desktop, now = read(server), server.clock()
    read_at(desktop, now - timedelta(days=1), replace(admission(), sha256=OTHER))
    desktop.correct("Wilma")
    desktop.correct(PATIENT, sha256=OTHER)
    pushed(desktop)
    before = figures(server), by_field(server)

    for _ in range(2):
        with server.parts.database.writing() as session:
            rebuild(session, server.parts.keys, server.owners.north.organization_id, server.clock())

    assert (figures(server), by_field(server)) == before


def test_nothing_that_people_said_stands_in_the_clear(server: Server) -> None:
    desktop = read(server)
    desktop.correct("Wilma Featherstone")
    pushed(desktop)
    told(server, "accuracy")

    with server.parts.database.reading() as session:
        rows = session.execute(text("SELECT * FROM checked_documents")).all()
    assert len(rows) == 1
    assert "Featherstone" not in str(rows)


def test_the_same_as_csv(server: Server) -> None:
    desktop = read(server)
    desktop.correct("Wilma")
    pushed(desktop)
    server.follow()

    answer = server.north.get("/api/v1/analytics/accuracy?by=field", headers={"Accept": "text/csv"})

    assert answer.text == "document_type,field,checked,corrected,accuracy\r\nhospice_admission,patient_name,1,1,0.0\r\n"
    assert server.north.get("/api/v1/analytics/accuracy?by=person").status_code == 422


def test_in_whatever_order_they_are_told_it_comes_to_the_same() -> None:
    def said(value: str | None, *replaces: UUID, milliseconds: int = 0) -> Correction:
        place, nobody = Place("patient_name"), new_id()
        stamp = Stamp(milliseconds, 0)
        return Correction(new_id(), SHA256, place, value, "A", "A", replaces, "person:1", "Dana", nobody, stamp)

    def chain() -> Iterator[Correction]:
        yield (first := said("B"))
        yield (second := said("A", first.id))
        yield said("C", second.id)

    orders = list(permutations(chain()))
    assert [counts_of(one) for one in orders] == [{"patient_name": [1, 1]}] * len(orders)
    assert counts_of(orders[0][:2]) == {"patient_name": [1, 0]}
