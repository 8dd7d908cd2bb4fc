"""When nothing new is read, and that nothing else ever waits for it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from desktop.vault import device, entitlement, feed
from desktop.vault.connection import Vault
from shared.wire.v1.devices import Enrolment
from shared.wire.v1.lease import Terms, sign_lease

GIVEN = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
KEY = bytes(range(32))
DAY = timedelta(days=1)


def lease(vault: Vault, *, used: int = 0, included: int | None = 100) -> None:
    """The device has a server, and its lease of `GIVEN`."""
    clinic = Enrolment(device_id=vault.device_id, organization_id=UUID(int=1), organization_name="A clinic")
    terms = Terms(
        organization_id=UUID(int=1),
        device_id=vault.device_id,
        tier="trial",
        included_pages=included,
        used_pages=used,
        period_start=datetime(2026, 3, 1, tzinfo=UTC),
        period_end=datetime(2026, 4, 1, tzinfo=UTC),
        at=GIVEN,
        until=GIVEN + 14 * DAY,
    )
    with vault.act() as connection:
        device.set_link(connection, "https://clinic.example", clinic, GIVEN)
        feed.keep_lease(connection, sign_lease(KEY, terms))


def why(vault: Vault, at: datetime) -> str | None:
    with vault.read() as connection:
        paused = entitlement.pause(connection, at)
    return paused.code if paused else None


def read(vault: Vault, pages: int) -> None:
    """A document of so many pages was read, and not sent."""
    with vault.act() as connection:
        connection.execute(
            text(
                "INSERT INTO documents (id, sha256, file_name, size, template, state, document_type, page_count, "
                "pages_done, strikes, attempts, received_at, queued_at, urgent, to_review, unit, legal_hold, "
                "last_sequence) VALUES (:id, :id, 'a.pdf', 1, 'auto', 'done', 'unknown', :pages, 0, 0, 1, :at, :at, "
                "0, 0, '', 0, 7)"
            ),
            {"id": str(UUID(int=pages)), "pages": pages, "at": GIVEN.isoformat()},
        )


def test_a_device_without_a_server_or_without_a_lease_is_not_bounded(vault: Vault) -> None:
    assert why(vault, GIVEN + 5000 * DAY) is None
    lease(vault)
    with vault.act() as connection:
        feed.clear(connection)
    assert why(vault, GIVEN + 5000 * DAY) is None


@pytest.mark.parametrize(("days", "code"), [(0, None), (13, None), (14.5, None), (20.9, None), (21.1, "lease_over")])
def test_a_lease_counts_14_days_and_then_7_more(vault: Vault, days: float, code: str | None) -> None:
    lease(vault, included=None, used=1_000_000)

    assert why(vault, GIVEN + days * DAY) == code


def test_a_clock_that_is_turned_back_makes_no_lease_last(vault: Vault) -> None:
    lease(vault, included=None)
    with vault.act() as connection:
        link = device.link(connection)
        assert link is not None
        device.note_round(connection, link, GIVEN + 30 * DAY, None)

    assert why(vault, GIVEN - 300 * DAY) == "lease_over"


def test_pages_count_as_the_server_said_and_with_what_was_read_since(vault: Vault) -> None:
    lease(vault, used=90)
    read(vault, 9)
    assert why(vault, GIVEN) is None
    read(vault, 1)
    assert why(vault, GIVEN) == "pages_used_up"


def test_nobody_is_stopped_by_what_was_used_in_a_month_that_is_over(vault: Vault) -> None:
    lease(vault, used=100)
    with vault.act() as connection:
        connection.execute(text("UPDATE feed SET lease = replace(lease, '2026-04-01', '2026-03-06')"))

    assert why(vault, GIVEN + DAY) is None
