"""What the activity screen tells, and how it words it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from desktop.answers import Connection, Status
from desktop.journey.sync.state import SyncState
from desktop.services import Workspace
from desktop.ui.wording import ago, moment, size_text
from desktop.vault.corrections import Conflict
from desktop.vault.house_rules import Rule
from shared.wire.v1.policy import ServerSees

translate = QCoreApplication.translate
Fact = tuple[str, str, str]
"""What it is about, what it is, and the look of it."""


@dataclass(frozen=True, slots=True)
class Look:
    """How everything stands."""

    status: Status
    sync: SyncState
    connection: Connection | None
    metered: Rule[bool]
    troubles: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


def look_at(workspace: Workspace) -> Look:
    """How everything stands now. Raises SignInNeeded."""
    troubles = tuple(trouble for state in workspace.watch_states() for trouble in state.troubles)
    conflicts = workspace.review.conflicts()
    status, sync = workspace.status(), workspace.sync_state()
    return Look(status, sync, workspace.connection(), workspace.house.rules().sync_metered, troubles, conflicts)


def headline(look: Look, now: datetime) -> tuple[str, str]:
    """How syncing goes, in a few words, and the look of them."""
    if look.connection is None:
        return translate("Activity", "Everything stays on this machine, encrypted"), "strong"
    if look.sync.why not in {None, "metered"}:
        return translate("Activity", "Not in touch with the server"), "warning"
    if look.status.last_sync is None:
        return translate("Activity", "Not synced yet"), "strong"
    return translate("Activity", "Synced {0}").format(ago(look.status.last_sync, now)), "good"


def advice(look: Look) -> str:
    """Why what waits does so, what is safe, and what to do; empty where nothing is to be done."""
    match look.sync.why:
        case None:
            return ""
        case "not_connected":
            return translate(
                "Activity",
                "This device belongs to no server. Nothing is lost: what is read stays in its encrypted store, and is "
                "sent once a manager connects it in Settings.",
            )
        case "metered":
            return translate(
                "Activity",
                "The network is set to be metered: nothing is sent by itself. All is safe here; “Sync now” sends it.",
            )
        case "server_unreachable":
            safe = translate(
                "Activity", "What was read is safe here, and is sent by itself when the server answers again."
            )
            return f"{look.sync.message} {safe}"
    return look.sync.message or ""


def sync_facts(look: Look) -> Iterator[Fact]:
    """What is known of the server, and what waits to be sent."""
    if look.connection is None:
        return
    status, waiting = look.status, look.sync.waiting
    yield translate("Activity", "Organization"), look.connection.organization_name, ""
    yield translate("Activity", "Server"), look.connection.url, ""
    yield translate("Activity", "This device"), status.device_name or "", ""
    yield translate("Activity", "Last synced"), moment(status.last_sync) if status.last_sync else "", ""
    sent = translate("Activity", "{0} documents, {1} audit entries, {2}").format(
        waiting.documents, waiting.audit_entries, size_text(waiting.bytes)
    )
    nothing = translate("Activity", "Nothing")
    yield translate("Activity", "Waits to be sent"), sent if waiting.operations else nothing, ""
    yield translate("Activity", "Tried again"), moment(look.sync.next_try) if look.sync.next_try else "", ""
    if status.server_sees is ServerSees.METADATA:
        seen = translate("Activity", "Metadata only: no values, texts or file names are sent")
        yield translate("Activity", "The server sees"), seen, ""
    yield translate("Activity", "Pages used"), _pages(status), ""
    yield translate("Activity", "Restored"), status.restored or "", ""


def work_facts(look: Look) -> Iterator[Fact]:
    """What waits on this device, and why."""
    status = look.status
    waits = translate("Activity", "{0} to be read, {1} being read").format(status.waiting, status.processing)
    if not status.waiting and not status.processing:
        waits = translate("Activity", "Nothing: everything that arrived was read")
    yield translate("Activity", "Waits here"), waits, ""
    if status.failed:
        failed = translate("Activity", "{0}. The inbox says why, and lets them be tried again").format(status.failed)
        yield translate("Activity", "Could not be read"), failed, "warning"
    if status.quarantined:
        aside = translate("Activity", "{0}. Their originals are kept, encrypted").format(status.quarantined)
        yield translate("Activity", "Set aside"), aside, "warning"
    if status.reading_paused:
        yield translate("Activity", "Reading is paused"), status.reading_paused, "warning"
    for trouble in look.troubles:
        yield translate("Activity", "Watched folder"), trouble, "warning"


def _pages(status: Status) -> str:
    entitled = status.entitlement
    if entitled is None:
        return ""
    until = moment(entitled.period_end)
    if entitled.included_pages is None:
        return translate("Activity", "{0} until {1}").format(entitled.used_pages, until)
    return translate("Activity", "{0} of {1} until {2}").format(entitled.used_pages, entitled.included_pages, until)
