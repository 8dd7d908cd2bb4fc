"""What each role may do: the one table of it."""

from collections.abc import Mapping
from enum import StrEnum

from desktop.vault.people import Role


class Right(StrEnum):
    """Something that not everybody may do; the audit chain names it so where it was refused."""

    SEE = "see"
    """Look at documents, their pages and what was read."""
    TAKE_IN = "take_in"
    """Add files, have them read again, break reading off."""
    REVIEW = "review"
    """Correct and approve what was read, settle what people said otherwise."""
    EXPORT = "export"
    """Take documents out of the store, as files that are not encrypted."""
    SET_UP = "set_up"
    """Choose the watched folder, connect this device with a server or part it from one."""
    DELETE = "delete"
    """Delete documents for good, or keep them from being deleted."""
    BACK_UP = "back_up"
    """Take a copy of the whole store out."""
    SEE_AUDIT = "see_audit"
    """Look through who did what. Whether the chain holds, anybody may know."""
    EXPORT_AUDIT = "export_audit"
    """Take the audit chain out."""
    MANAGE_PEOPLE = "manage_people"
    """Add and remove people, give roles, set another's PIN."""


_VIEWER = frozenset({Right.SEE})
_REVIEWER = _VIEWER | {Right.TAKE_IN, Right.REVIEW, Right.EXPORT}

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.VIEWER: _VIEWER,
    Role.REVIEWER: _REVIEWER,
    Role.MANAGER: frozenset(Right),
}
