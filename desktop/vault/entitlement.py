"""What the organization may use, as the lease in the store says it, and when nothing new is read because of that.

Only reading new documents ever waits for an entitlement: files are taken in, and what was read is looked at, corrected
and exported, whatever the lease says. A device without a server, or with one that leases nothing, is not bounded.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from desktop.vault import device, documents, feed
from shared.wire.v1.lease import Terms
from shared.wire.v1.pull import LEASE_GRACE_DAYS

_GRACE = timedelta(days=LEASE_GRACE_DAYS)


@dataclass(frozen=True, slots=True)
class Pause:
    """Why no new document is read now: a stable code, and a sentence that says what is safe and what to do."""

    code: str
    sentence: str


def pause(connection: Connection, now: datetime) -> Pause | None:
    """Why nothing new is read; None where it is."""
    link, terms = device.link(connection), feed.terms(connection)
    if link is None or terms is None:
        return None
    # A clock that was turned back does not make a lease last: the server's own moments count where they are later.
    moment = max(now, terms.at, link.last_sync_at or terms.at)
    ends = terms.until + _GRACE
    if moment > ends:
        return _lease_over(link.organization_name, ends.date())
    if terms.included_pages is None:
        return None
    used = (terms.used_pages if moment < terms.period_end else 0) + documents.unsynced_pages(connection)
    return _pages_used_up(terms) if used >= terms.included_pages else None


def _lease_over(organization: str, since: date) -> Pause:
    return Pause(
        "lease_over",
        f"This device did not hear from {organization} for so long that it reads nothing new since {since}. Files are "
        "taken in and wait; what was read can be reviewed and exported. Connect it to the network: reading goes on "
        "after the next sync.",
    )


def _pages_used_up(terms: Terms) -> Pause:
    return Pause(
        "pages_used_up",
        f"The {terms.included_pages} pages that the organization may read ({terms.tier}) are used up until "
        f"{terms.period_end.date()}. Files are taken in and wait; what was read can be reviewed and exported. Reading "
        "goes on then, or once there is another tier.",
    )
