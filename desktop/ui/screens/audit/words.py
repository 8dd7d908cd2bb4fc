"""Acts of the audit chain in people's words."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.trail import Doer, ShownEntry
from desktop.vault import audit_log

if TYPE_CHECKING:

    def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
        """PySide's stubs call the answer an object; it is `text`."""
        ...

else:
    from PySide6.QtCore import QT_TRANSLATE_NOOP

_CONTEXT = "AuditWords"


class ActGroup(StrEnum):
    """What acts are about, to narrow the list by."""

    LOOKS = "looks"
    DOCUMENTS = "documents"
    REVIEW = "review"
    PEOPLE = "people"
    SET_UP = "set_up"
    SERVER = "server"
    STORE = "store"


_ACTS: Mapping[ActGroup, Mapping[str, str]] = {
    ActGroup.LOOKS: {
        "documents.listed": QT_TRANSLATE_NOOP("AuditWords", "Looked at the list of documents"),
        "documents.searched": QT_TRANSLATE_NOOP("AuditWords", "Searched the documents"),
        "document.seen": QT_TRANSLATE_NOOP("AuditWords", "Looked at what was read"),
        "document.page_seen": QT_TRANSLATE_NOOP("AuditWords", "Looked at page {page}"),
        "conflicts.listed": QT_TRANSLATE_NOOP("AuditWords", "Looked at the conflicts"),
        "audit.listed": QT_TRANSLATE_NOOP("AuditWords", "Looked through the audit chain"),
        "act.refused": QT_TRANSLATE_NOOP("AuditWords", "Was refused: a {role} may not do this"),
    },
    ActGroup.DOCUMENTS: {
        "document.received": QT_TRANSLATE_NOOP("AuditWords", "Took a document in"),
        "document.refused": QT_TRANSLATE_NOOP("AuditWords", "Refused a file"),
        "arrival.refused": QT_TRANSLATE_NOOP("AuditWords", "Refused a file of a watched folder"),
        "document.duplicate": QT_TRANSLATE_NOOP("AuditWords", "Was given a document that is here already"),
        "document.done": QT_TRANSLATE_NOOP("AuditWords", "Read a document"),
        "document.failed": QT_TRANSLATE_NOOP("AuditWords", "Could not read a document"),
        "document.quarantined": QT_TRANSLATE_NOOP("AuditWords", "Set a document aside"),
        "document.cancelled": QT_TRANSLATE_NOOP("AuditWords", "Cancelled reading"),
        "document.queued_again": QT_TRANSLATE_NOOP("AuditWords", "Had a document read again"),
        "document.exported": QT_TRANSLATE_NOOP("AuditWords", "Exported a document"),
        "document.printed": QT_TRANSLATE_NOOP("AuditWords", "Printed a document"),
        "document.held": QT_TRANSLATE_NOOP("AuditWords", "Put a document under a legal hold"),
        "document.released": QT_TRANSLATE_NOOP("AuditWords", "Released a document from its legal hold"),
        "document.deleted": QT_TRANSLATE_NOOP("AuditWords", "Deleted a document"),
        "document.expired": QT_TRANSLATE_NOOP("AuditWords", "Deleted a document for its age"),
    },
    ActGroup.REVIEW: {
        "document.corrected": QT_TRANSLATE_NOOP("AuditWords", "Corrected a value"),
        "document.approved": QT_TRANSLATE_NOOP("AuditWords", "Approved a document"),
        "document.rejected": QT_TRANSLATE_NOOP("AuditWords", "Rejected a document"),
        "document.page_turned": QT_TRANSLATE_NOOP("AuditWords", "Turned page {page}"),
        "document.noted": QT_TRANSLATE_NOOP("AuditWords", "Put a note beside a document"),
        "conflict.settled": QT_TRANSLATE_NOOP("AuditWords", "Settled a conflict"),
        "correction.fetched": QT_TRANSLATE_NOOP("AuditWords", "Fetched a correction made elsewhere"),
    },
    ActGroup.PEOPLE: {
        "person.signed_in": QT_TRANSLATE_NOOP("AuditWords", "Signed in"),
        "person.signed_out": QT_TRANSLATE_NOOP("AuditWords", "Was signed out"),
        "person.sign_in_refused": QT_TRANSLATE_NOOP("AuditWords", "Refused a wrong PIN"),
        "person.added": QT_TRANSLATE_NOOP("AuditWords", "Added a person, as {role}"),
        "person.admitted": QT_TRANSLATE_NOOP("AuditWords", "Let a person of the organization work here"),
        "person.role_changed": QT_TRANSLATE_NOOP("AuditWords", "Gave a person the role {role}"),
        "person.removed": QT_TRANSLATE_NOOP("AuditWords", "Removed a person"),
        "person.pin_changed": QT_TRANSLATE_NOOP("AuditWords", "Set a person’s PIN"),
        "person.recovered": QT_TRANSLATE_NOOP("AuditWords", "Set a manager’s PIN by the recovery code"),
    },
    ActGroup.SET_UP: {
        "settings.changed": QT_TRANSLATE_NOOP("AuditWords", "Changed a setting"),
        "folder.added": QT_TRANSLATE_NOOP("AuditWords", "Had a folder watched"),
        "folder.changed": QT_TRANSLATE_NOOP("AuditWords", "Changed how a folder is treated"),
        "folder.removed": QT_TRANSLATE_NOOP("AuditWords", "Ended watching a folder"),
    },
    ActGroup.SERVER: {
        "device.connected": QT_TRANSLATE_NOOP("AuditWords", "Connected this device with a server"),
        "device.disconnected": QT_TRANSLATE_NOOP("AuditWords", "Parted this device from its server"),
        "device.revoked": QT_TRANSLATE_NOOP("AuditWords", "Was locked by the organization"),
        "device.forked": QT_TRANSLATE_NOOP("AuditWords", "Went on under another identity after a restore"),
        "policy.fetched": QT_TRANSLATE_NOOP("AuditWords", "Fetched what the organization lays down"),
        "template.fetched": QT_TRANSLATE_NOOP("AuditWords", "Fetched a template"),
        "template.withdrawn": QT_TRANSLATE_NOOP("AuditWords", "Gave up a template that was withdrawn"),
    },
    ActGroup.STORE: {
        "store.created": QT_TRANSLATE_NOOP("AuditWords", "Made the encrypted store"),
        "store.opened": QT_TRANSLATE_NOOP("AuditWords", "Opened the encrypted store"),
        "store.backed_up": QT_TRANSLATE_NOOP("AuditWords", "Backed the store up"),
        "store.restored": QT_TRANSLATE_NOOP("AuditWords", "Restored the store from a backup"),
        "key.rotated": QT_TRANSLATE_NOOP("AuditWords", "Gave the store a new key"),
        "key.lock_changed": QT_TRANSLATE_NOOP("AuditWords", "Put the store’s key under another lock"),
        "audit.exported": QT_TRANSLATE_NOOP("AuditWords", "Exported the audit chain"),
    },
}
_EVERY_ACT = {action: words for acts in _ACTS.values() for action, words in acts.items()}


def acts_of(group: ActGroup) -> tuple[str, ...]:
    """The actions of `group`, as the chain names them."""
    return tuple(_ACTS[group])


def is_known(action: str) -> bool:
    """Whether there are words for the action."""
    return action in _EVERY_ACT


def group_words(group: ActGroup) -> str:
    """What the group is called."""
    translate = QCoreApplication.translate
    return {
        ActGroup.LOOKS: translate(_CONTEXT, "Looks, and what was refused"),
        ActGroup.DOCUMENTS: translate(_CONTEXT, "Documents"),
        ActGroup.REVIEW: translate(_CONTEXT, "Review"),
        ActGroup.PEOPLE: translate(_CONTEXT, "People"),
        ActGroup.SET_UP: translate(_CONTEXT, "Settings and folders"),
        ActGroup.SERVER: translate(_CONTEXT, "Server"),
        ActGroup.STORE: translate(_CONTEXT, "Store and audit"),
    }[group]


def act_words(shown: ShownEntry) -> str:
    """What was done; an act of a later version under its own name."""
    action = shown.entry.action
    plain = action.replace(".", ": ").replace("_", " ")
    words = QCoreApplication.translate(_CONTEXT, _EVERY_ACT.get(action, plain))
    return words.format_map(_Details(shown.entry.details))


def who_words(doer: Doer) -> str:
    """Who did it: a name, or what stands for one."""
    translate = QCoreApplication.translate
    if doer.name:
        return doer.name
    if doer.actor == audit_log.DEVICE:
        return translate(_CONTEXT, "This device, by itself")
    if doer.actor == audit_log.OPERATOR:
        return translate(_CONTEXT, "Whoever was here")
    return translate(_CONTEXT, "Somebody unknown here") if doer.actor.startswith("person:") else doer.actor


class _Details(dict[str, object]):
    """An entry's details; what it does not hold is a question mark."""

    def __missing__(self, _name: str) -> str:
        return "?"
