"""Faults as exit codes (section 2 of the contract)."""

import click

from desktop.cli.session import Session
from desktop.errors import (
    AuditBroken,
    ConflictUnknown,
    CorrectionRefused,
    DocumentUnknown,
    ExportRefused,
    FieldUnknown,
    FolderUnknown,
    PeopleError,
    PersonRefused,
    PersonUnknown,
    ServerError,
    StoreError,
    WatchRefused,
)
from shared.errors import ChartdropError

UNEXPECTED = 1
WRONG_USAGE = 2
INPUT_FAILED = 3
STORE_LOCKED = 4
SERVER_FAILED = 5
AUDIT_BROKEN = 6
INTERRUPTED = 130  # 128 + SIGINT, as shells have it

_CODES: tuple[tuple[type[ChartdropError], int], ...] = (
    (StoreError, STORE_LOCKED),
    (ServerError, SERVER_FAILED),
    (AuditBroken, AUDIT_BROKEN),
    (PersonUnknown, WRONG_USAGE),
    (PersonRefused, WRONG_USAGE),
    (PeopleError, STORE_LOCKED),
    (WatchRefused, WRONG_USAGE),
    (DocumentUnknown, WRONG_USAGE),
    (ExportRefused, WRONG_USAGE),
    (FolderUnknown, WRONG_USAGE),
    (FieldUnknown, WRONG_USAGE),
    (ConflictUnknown, WRONG_USAGE),
    (CorrectionRefused, WRONG_USAGE),
)


def exit_code(fault: ChartdropError) -> int:
    """What the process ends with after `fault`."""
    return next((code for kind, code in _CODES if isinstance(fault, kind)), INPUT_FAILED)


def tell_unexpected(fault: Exception, session: Session) -> int:
    """One sentence on standard error; where it came from goes to the log, without its words."""
    from desktop.vault.folder import DataFolder
    from desktop.vault.log import log_fault, log_to

    folder = DataFolder(session.settings().data_dir)
    log_to(folder)
    log_fault("unexpected_fault", fault)
    click.echo(f"chartdrop: Something unexpected happened ({type(fault).__name__}). {folder.log} says where.", err=True)
    return UNEXPECTED
