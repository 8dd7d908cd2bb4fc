"""A new secret for the server: everything that was sealed under keys of the old one is under keys of the new.

It can be broken off at any moment. The new secret is on the disk before the first byte changes; what the organizations'
keys are sealed under changes in one transaction, the embedded database's own key in another; only then does the new
secret take the old one's place. Run again, it looks how far it came.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from shared.clock import Clock
from syncserver.audit.service import AuditWriter
from syncserver.events.transaction import Act, Transaction, beginner
from syncserver.identity.second_factor import service as second_factor
from syncserver.kit import idempotency
from syncserver.kit.database import EMBEDDED_FILE, Database, open_database
from syncserver.kit.errors import CannotStart, DatabaseUnusable
from syncserver.kit.rekey import check_alone, rekey
from syncserver.kit.secret import ServerKeys, next_keys, next_secret_file, present_keys, secret_file
from syncserver.migrations.run import is_current
from syncserver.settings import Settings
from syncserver.tenants import service as tenants


@dataclass(frozen=True, slots=True)
class Rotated:
    """Where the new secret lies, and whose recovery codes open nothing any more."""

    secret: Path
    organizations: int
    without_codes: int


def rotate(settings: Settings, out: Path | None, clock: Clock) -> Rotated:
    """The server's database is under keys of a new secret. Raises CannotStart; what was there opens as before then.

    An embedded server's own secret changes in its place; one that stands in a setting is written into `out`.
    """
    place = _place(settings, out)
    old = present_keys(settings)
    if not place.exists():
        _check_before(settings, old)
    new = next_keys(place, old)
    if new == old:
        raise CannotStart(f"{place} holds the secret that this server has already. Name a new file with --out.")
    if new.audit != old.audit:
        raise CannotStart(f"{place} holds no secret that was made for this server. Name a new file with --out.")
    rotated = _rewrapped(settings, old, new, clock, place)
    if settings.embedded:
        _rekeyed(settings, old, new)
    if settings.secret_key is None:
        place.replace(secret_file(settings))
        _flush(settings.data_dir)
        return Rotated(secret_file(settings), rotated.organizations, rotated.without_codes)
    return rotated


def _place(settings: Settings, out: Path | None) -> Path:
    if settings.secret_key is None:
        if out:
            raise CannotStart(f"The new secret takes the place of {secret_file(settings)}: leave --out away.")
        return next_secret_file(settings)
    if out is None:
        raise CannotStart("CHARTDROP_SECRET_KEY is set: say with --out which new file its successor is written into.")
    return out


def _check_before(settings: Settings, old: ServerKeys) -> None:
    """Raises CannotStart before anything is written."""
    database = _checked(settings, old)
    try:
        with database.reading() as session:
            tenants.check_master_key(session, old)
    finally:
        database.close()


def _rewrapped(settings: Settings, old: ServerKeys, new: ServerKeys, clock: Clock, place: Path) -> Rotated:
    if _opens(settings, new) and not _opens(settings, old):
        return Rotated(place, 0, 0)  # an embedded database that came further
    database = _checked(settings, old)
    try:
        with database.reading() as session:
            if _is_under(session, new):
                return Rotated(place, 0, 0)
        begin = beginner(database, clock, AuditWriter(new), wake_relay=lambda: None)
        with begin() as transaction:
            organizations, without_codes = _rewrap(transaction, old, new)
        return Rotated(place, organizations, without_codes)
    finally:
        database.close()


def _checked(settings: Settings, keys: ServerKeys) -> Database:
    """The database, which is of this version, and at which nobody else works. Raises CannotStart."""
    database = open_database(settings, keys)
    try:
        if not is_current(database):
            raise CannotStart("The database is not of this version. Run `chartdrop-server migrate` first.")
        check_alone(database)
    except CannotStart:
        database.close()
        raise
    return database


def _rewrap(transaction: Transaction, old: ServerKeys, new: ServerKeys) -> tuple[int, int]:
    organizations = tenants.rewrap_keys(transaction.session, old, new)
    without_codes = second_factor.rewrap_secrets(transaction.session, old, new)
    idempotency.forget_all(transaction.session)
    transaction.record(*(Act(one, "operator", "keys.rotated", str(one)) for one in organizations))
    return len(organizations), without_codes


def _is_under(session: Session, keys: ServerKeys) -> bool:
    try:
        tenants.check_master_key(session, keys)
    except CannotStart:
        return False
    return bool(tenants.all_ids(session))


def _rekeyed(settings: Settings, old: ServerKeys, new: ServerKeys) -> None:
    """The embedded database was seen to open with the new key."""
    if not _opens(settings, new):
        rekey(settings.data_dir / EMBEDDED_FILE, old.database, new.database)
    open_database(settings, new).close()


def _opens(settings: Settings, keys: ServerKeys) -> bool:
    try:
        open_database(settings, keys).close()
    except DatabaseUnusable:
        return False
    return True


def _flush(folder: Path) -> None:
    """The rename in it survives a power cut."""
    if os.name == "nt":  # where folders cannot be opened, and NTFS keeps a journal of them
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
