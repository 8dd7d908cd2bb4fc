"""Every error of the desktop that a person can act on: an exit code on the command line, words in the window."""

from typing import ClassVar

from shared.errors import ChartdropError


class DesktopError(ChartdropError):
    """The base of the desktop's own errors."""

    code: ClassVar[str] = "desktop_error"


class StoreError(DesktopError):
    """The encrypted store cannot be used; nothing below the data directory was changed."""

    code = "store_error"


class StoreLocked(StoreError):
    """The key that opens the store is not at hand: a wrong or missing passphrase, a locked keyring."""

    code = "store_locked"
    retryable = True


class StoreDamaged(StoreError):
    """The store does not open with its own key, or parts of it are missing."""

    code = "store_damaged"


class StoreBusy(StoreError):
    """Another Chartdrop works in this data directory; the sentence names it."""

    code = "store_busy"
    retryable = True


class StoreRevoked(StoreError):
    """The organization revoked this device: nobody works in the store until it is let in again."""

    code = "store_revoked"


class StoreDestroyed(StoreError):
    """The organization revoked this device and had it destroy the store's keys: nothing opens it any more."""

    code = "store_destroyed"


class StoreTooNew(StoreError):
    """A later version of Chartdrop wrote this store."""

    code = "store_too_new"


class AuditBroken(DesktopError):
    """The audit chain does not hold, so that nothing may be added to it."""

    code = "audit_broken"


class PeopleError(DesktopError):
    """The base of what people at a shared device are told."""

    code = "people_error"


class SignInNeeded(PeopleError):
    """People are known by name here, and nobody is signed in."""

    code = "sign_in_needed"
    retryable = True


class SignInRefused(PeopleError):
    """A wrong PIN, password or recovery code; the next entry is looked at after `wait_seconds`."""

    code = "sign_in_refused"
    retryable = True

    def __init__(self, message: str, wait_seconds: float) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


class SignInDelayed(SignInRefused):
    """There is still to wait after wrong entries: what was entered was not looked at."""

    code = "sign_in_delayed"


class NotAllowed(PeopleError):
    """Who is signed in may not do this; the refusal stands in the audit chain."""

    code = "not_allowed"


class PersonUnknown(PeopleError):
    """Nobody of this name works here."""

    code = "person_unknown"


class PersonRefused(PeopleError):
    """A name, a PIN or a change of people that is not taken, and why."""

    code = "person_refused"


class DocumentUnknown(DesktopError):
    """No document has this id."""

    code = "document_unknown"


class PageUnknown(DesktopError):
    """The document has no such page, or its image is not there yet."""

    code = "page_unknown"


class FieldUnknown(DesktopError):
    """What was read of the document has no such field, table, row or column."""

    code = "field_unknown"


class CorrectionRefused(DesktopError):
    """What a person said of a value is not taken, and why; nothing was changed."""

    code = "correction_refused"


class ConflictUnknown(DesktopError):
    """Nobody says otherwise of this value (any more)."""

    code = "conflict_unknown"


class RetryRefused(DesktopError):
    """The document cannot be read again as it is."""

    code = "retry_refused"


class ReadingPaused(DesktopError):
    """What the organization may use is used up, or was not heard of for too long: nothing new is read."""

    code = "reading_paused"


class CancelRefused(DesktopError):
    """The document has its outcome already."""

    code = "cancel_refused"


class BackupFailed(DesktopError):
    """A backup was not made, or not restored; the store is as it was."""

    code = "backup_failed"


class ExportRefused(DesktopError):
    """Documents cannot be exported to that place; nothing was written."""

    code = "export_refused"


class ExportFailed(DesktopError):
    """The files could not be written; the store is as it was."""

    code = "export_failed"
    retryable = True


class ExportStopped(ExportFailed):
    """Somebody stopped it; the sentence says what was written by then."""

    code = "export_stopped"


class DeleteRefused(DesktopError):
    """The document may not be deleted now; the sentence says why."""

    code = "delete_refused"


class FileRefused(DesktopError):
    """A file that the desktop does not take, and why."""

    code = "file_refused"


class WatchRefused(DesktopError):
    """A folder that cannot be watched, and why."""

    code = "watch_refused"


class FolderUnknown(DesktopError):
    """No watched folder has this id."""

    code = "folder_unknown"


class ServerError(DesktopError):
    """Sync did not happen; everything that waits still stands in the outbox."""

    code = "server_error"


class ServerUnreachable(ServerError):
    """The server did not answer, or not in a way that counts: worth another try later."""

    code = "server_unreachable"
    retryable = True

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds that the server asked to be left alone for."""


class ServerRefused(ServerError):
    """The server answered and said no; `problem_code` is its own stable code."""

    code = "server_refused"

    def __init__(self, message: str, problem_code: str = "") -> None:
        super().__init__(message)
        self.problem_code = problem_code


class DeviceRevoked(ServerRefused):
    """The server proved that the organization revoked this device, which locked itself."""

    code = "device_revoked"


class NotConnected(ServerError):
    """This device is not enrolled with any server."""

    code = "not_connected"
