"""The workspace, as the window stands on it."""

import time
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from desktop.errors import (
    CancelRefused,
    DocumentUnknown,
    NotAllowed,
    PageUnknown,
    RetryRefused,
    SignInNeeded,
    StoreBusy,
)
from desktop.events import ArrivalSettled, DocumentChanged, Event, EventBus, PageRead
from desktop.services import Workspace, open_workspace
from desktop.settings import Settings
from desktop.unopened import store_state
from desktop.vault.people import Role
from shared.audit import entry_from_json
from shared.ids import new_id
from shared.templates.errors import TemplateUnknown
from tests.desktop.conftest import draw_scan

WAIT_SECONDS = 60.0


@pytest.fixture
def workspace(settings: Settings) -> Iterator[Workspace]:
    opened = open_workspace(settings, lambda: None)
    yield opened
    opened.close()


def wait_until_idle(workspace: Workspace) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not workspace.is_idle():
        assert time.monotonic() < deadline, "the work never ended"
        time.sleep(0.05)


def test_an_added_file_is_read_and_stays_where_it_is(workspace: Workspace, scan: Path, tmp_path: Path) -> None:
    heard: list[Event] = []
    workspace.events.subscribe(heard.append)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 and no more")

    first, copy, empty, failed = workspace.add_files([scan, scan, Path("/nonexistent.pdf"), broken])
    assert (first.outcome, copy.outcome, empty.outcome, failed.outcome) == (
        "accepted",
        "duplicate",
        "refused",
        "accepted",
    )
    assert "no such file" in empty.message
    workspace.start(None)
    wait_until_idle(workspace)

    assert first.document_id is not None
    assert failed.document_id is not None
    assert workspace.document(first.document_id).state == "done"
    assert workspace.reading(first.document_id).pages[0].lines
    assert workspace.page_image(first.document_id, 1).media_type.startswith("image/")
    assert PageRead(first.document_id, 1, 1) in heard
    assert DocumentChanged(first.document_id) in heard
    assert scan.exists()
    status = workspace.status()
    assert (status.done, status.failed, status.unsynced, status.server) == (1, 1, 2, None)
    assert workspace.verify_audit().fault is None

    workspace.retry(failed.document_id)
    wait_until_idle(workspace)
    assert workspace.document(failed.document_id).state == "failed"


def test_several_files_and_folders_are_settled_while_one_process_works(
    workspace: Workspace, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "scans"
    (folder / "hospice_admission").mkdir(parents=True)
    draw_scan(folder / "hospice_admission" / "one.png", "First Patient")
    (folder / "two.txt").write_text("no document")
    settled: list[ArrivalSettled] = []
    workspace.events.subscribe(lambda event: settled.append(event) if isinstance(event, ArrivalSettled) else None)

    workspace.start(folder)
    other = open_workspace(settings, lambda: None)
    with pytest.raises(StoreBusy, match="process"):
        other.start(folder)
    assert other.status().quarantined == 0  # looking is allowed
    other.close()
    wait_until_idle(workspace)
    workspace.stop()

    assert {(event.file_name, event.outcome) for event in settled} == {("one.png", "processed"), ("two.txt", "failed")}
    template = {document.file_name: document.template for document in workspace.documents()}
    assert template == {"one.png": "hospice_admission", "two.txt": "auto"}


def test_a_cancelled_scan_of_the_drop_folder_lies_in_failed_with_the_reason_and_can_be_tried_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    draw_scan(folder / "long.png", "First Patient")
    settled: SimpleQueue[ArrivalSettled] = SimpleQueue()
    begun: SimpleQueue[DocumentChanged] = SimpleQueue()

    def listen(event: Event) -> None:
        if isinstance(event, ArrivalSettled):
            settled.put(event)
        if isinstance(event, DocumentChanged):
            begun.put(event)

    workspace.events.subscribe(listen)
    workspace.start(folder)
    document_id = begun.get(timeout=WAIT_SECONDS).document_id
    workspace.cancel(document_id)

    arrival = settled.get(timeout=WAIT_SECONDS)
    assert (arrival.file_name, arrival.outcome) == ("long.png", "failed")
    assert "cancelled" in (folder / "Failed" / "long.png.error.txt").read_text()
    assert workspace.document(document_id).state == "failed"
    with pytest.raises(CancelRefused):
        workspace.cancel(document_id)

    workspace.retry(document_id)
    wait_until_idle(workspace)
    assert workspace.document(document_id).state == "done"
    assert workspace.verify_audit().fault is None


def acts(workspace: Workspace) -> list[tuple[str, str, str]]:
    """Actor, action and subject of every entry."""
    with workspace.audit_lines() as lines:
        entries = [entry_from_json(line).entry for line in lines]
    return [(entry.actor, entry.action, entry.subject) for entry in entries]


def test_looking_is_written_down_once_for_each_person_and_part(
    workspace: Workspace, settings: Settings, scan: Path
) -> None:
    [added] = workspace.add_files([scan])
    assert added.document_id is not None
    workspace.start(None)
    wait_until_idle(workspace)
    workspace.stop()
    document_id = str(added.document_id)

    for _ in range(3):
        workspace.documents()
        workspace.reading(added.document_id)
        workspace.page_image(added.document_id, 1)
    workspace.staff.add("Dana", Role.MANAGER, "482913")
    with pytest.raises(SignInNeeded):
        workspace.reading(added.document_id)
    dana = workspace.session.sign_in("Dana", "482913")
    workspace.reading(added.document_id)

    seen = [act for act in acts(workspace) if act[1] in ("documents.listed", "document.seen", "document.page_seen")]
    assert [(actor, action) for actor, action, _ in seen] == [
        ("operator", "documents.listed"),
        ("operator", "document.seen"),
        ("operator", "document.page_seen"),
        (dana.actor, "document.seen"),
    ]
    assert {subject for _, action, subject in seen if action != "documents.listed"} == {document_id}
    assert [action for _, action, _ in acts(workspace)].count("store.opened") == 1


def test_a_viewer_looks_and_changes_nothing(workspace: Workspace, scan: Path, tmp_path: Path) -> None:
    [added] = workspace.add_files([scan])
    assert added.document_id is not None
    document_id = added.document_id
    workspace.staff.add("Dana", Role.MANAGER, "482913")
    workspace.session.sign_in("Dana", "482913")
    workspace.staff.add("Vera", Role.VIEWER, "770412")
    workspace.start(None)
    vera = workspace.session.sign_in("Vera", "770412")

    workspace.reading(document_id)
    for refused in (
        lambda: workspace.add_files([scan]),
        lambda: workspace.retry(document_id),
        lambda: workspace.cancel(document_id),
        lambda: workspace.connect("http://127.0.0.1:1", "code"),
        workspace.disconnect,
        lambda: workspace.start(tmp_path / "scans"),
        lambda: workspace.trail.export(tmp_path / "audit.jsonl"),
    ):
        with pytest.raises(NotAllowed):
            refused()

    assert [actor for actor, action, _ in acts(workspace) if action == "act.refused"] == [vera.actor] * 7
    workspace.session.sign_in("Dana", "482913")
    workspace.start(tmp_path / "scans")
    assert ("settings.changed", "watched_folder") in [act[1:] for act in acts(workspace)]


def test_what_is_not_there_is_said_so(workspace: Workspace, scan: Path) -> None:
    [added] = workspace.add_files([scan])
    assert added.document_id is not None

    with pytest.raises(DocumentUnknown):
        workspace.document(new_id())
    with pytest.raises(PageUnknown):
        workspace.page_image(added.document_id, 1)
    with pytest.raises(RetryRefused):
        workspace.retry(added.document_id)
    with pytest.raises(TemplateUnknown, match="hospice_admission"):
        workspace.add_files([scan], "hospice_admision")


def test_a_caller_knows_what_to_ask_before_opening(settings: Settings) -> None:
    assert store_state(settings) == "absent"
    assert not settings.data_dir.exists()

    open_workspace(settings, lambda: None).close()

    assert store_state(settings) == "passphrase"


def test_a_listener_that_fails_stops_neither_the_others_nor_the_work() -> None:
    bus = EventBus()
    heard: list[Event] = []
    event = DocumentChanged(new_id())

    def fail(_: Event) -> None:
        raise ZeroDivisionError

    bus.subscribe(fail)
    unsubscribe = bus.subscribe(heard.append)
    bus.publish(event)
    unsubscribe()
    bus.publish(event)

    assert heard == [event]
