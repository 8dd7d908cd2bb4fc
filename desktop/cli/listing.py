"""`chartdrop documents` and `chartdrop status`."""

from typing import TYPE_CHECKING, Any

import click

from desktop.cli.session import Session, data_dir_option, json_option

if TYPE_CHECKING:
    from desktop.answers import Status
    from desktop.journey.sync.state import SyncState
    from desktop.vault.documents import DocumentSummary

_ID_WIDTH = 36  # of a UUID, which other commands take
_STATE_STYLES = {"done": "green", "failed": "red", "quarantined": "red", "processing": "cyan", "waiting": "dim"}


@click.command()
@json_option
@data_dir_option
@click.pass_context
def documents(context: click.Context, as_json: bool) -> None:
    """List what the encrypted store holds, newest first.

    With --json, one object a document: id, file_name, sha256, state (waiting, processing, done, failed, quarantined),
    template, document_type, page_count, pages_done, confidence (mean over the fields found, or null), to_review (values
    that a person has to look at), received_at, finished_at, synced, error ({"code", "message"} or null), unit (of the
    watched folder it came through, or null).
    """
    from desktop.cli.printing import print_json

    with context.ensure_object(Session).signed_in() as workspace:
        listed = workspace.documents()
    if as_json:
        for document in listed:
            print_json(_document_line(document))
    else:
        _print_documents(listed)


@click.command()
@json_option
@data_dir_option
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Say how much waits, is done, failed, and is not yet synced.

    With --json, one object: waiting, processing, done, failed, quarantined, unsynced (documents each), last_sync (when
    a round last went well, or null), server (its address, or null), sync_error (a sentence, or null), device_name (what
    the organization calls this device, or null), organization_templates (how many were fetched), entitlement (tier,
    included_pages or null, used_pages, period_end, until: when it ends to count without a network; or null),
    server_sees (everything or metadata, as the organization chose), revoked (a sentence where the organization revoked
    this device, or null), reading_paused (a sentence where nothing new is read for what the organization may use, or
    null), restored (a sentence where the store was restored from a backup and syncs as a device of its own since, or
    null), conflicts (values on which people contradict each other), to_send (operations, documents, audit_entries,
    bytes), sync_waits (why: not_connected, metered, server_unreachable, server_refused, device_revoked; or null),
    next_try (or null).
    """
    from desktop.cli.printing import print_json

    with context.ensure_object(Session).workspace() as workspace:
        counted, sync = workspace.status(), workspace.sync_state()
    if as_json:
        print_json(_status_line(counted, sync))
    else:
        _print_status(counted, sync)


def _document_line(document: "DocumentSummary") -> dict[str, Any]:
    from desktop.cli.printing import moment

    error = document.error
    return {
        "id": str(document.id),
        "file_name": document.file_name,
        "sha256": document.sha256,
        "state": str(document.state),
        "template": document.template,
        "document_type": document.document_type,
        "page_count": document.page_count,
        "pages_done": document.pages_done,
        "confidence": document.confidence,
        "to_review": document.to_review,
        "received_at": moment(document.received_at),
        "finished_at": moment(document.finished_at),
        "synced": document.synced,
        "error": {"code": error.code, "message": error.message} if error else None,
        "unit": document.unit or None,
    }


def _status_line(counted: "Status", sync: "SyncState") -> dict[str, Any]:
    from dataclasses import asdict

    from desktop.cli.printing import moment

    line = asdict(counted) | {"last_sync": moment(counted.last_sync)}
    line |= {"to_send": asdict(sync.waiting), "sync_waits": sync.why, "next_try": moment(sync.next_try)}
    if entitled := counted.entitlement:
        line["entitlement"] |= {"period_end": moment(entitled.period_end), "until": moment(entitled.until)}
    return line


def _print_documents(listed: "tuple[DocumentSummary, ...]") -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from desktop.cli.printing import confidence_mark, console, local, plain

    if not listed:
        console().print("The store is empty. Drop scans into a folder that `chartdrop watch` looks after.")
        return
    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column("document", min_width=_ID_WIDTH, overflow="fold")
    table.add_column("state", no_wrap=True)
    table.add_column("kind")
    table.add_column("sure", justify="right", no_wrap=True)
    table.add_column("received", no_wrap=True)
    for one in listed:
        day, hour = local(one.received_at).split()
        pages = "1 page" if one.page_count == 1 else f"{one.page_count} pages"
        table.add_row(
            Text(plain(one.file_name) + "\n").append(str(one.id), style="dim"),
            Text(one.state, style=_STATE_STYLES[one.state]).append("\nsynced" if one.synced else "", style="dim"),
            Text(one.document_type.replace("_", " ")).append(f"\n{pages}" if one.page_count else "", style="dim"),
            confidence_mark(one.confidence).append(
                f"\n{one.to_review} to check" if one.to_review else "", style="yellow"
            ),
            Text(day).append("\n" + hour, style="dim"),
        )
    console().print(table)


def _print_status(counted: "Status", sync: "SyncState") -> None:
    from rich.table import Table
    from rich.text import Text

    from desktop.cli.printing import console, local, plain

    table = Table.grid(padding=(0, 2))
    for name in ("waiting", "processing", "done", "failed", "quarantined", "unsynced"):
        number = getattr(counted, name)
        table.add_row(name, Text(str(number), style="bold" if number else "dim"))
    if counted.revoked:
        table.add_row("locked", Text(plain(counted.revoked), style="red"))
    if counted.reading_paused:
        table.add_row("paused", Text(plain(counted.reading_paused), style="yellow"))
    if counted.restored:
        table.add_row("restored", plain(counted.restored))
    table.add_row("server", counted.server or Text("not connected", style="dim"))
    table.add_row("last sync", local(counted.last_sync))
    waiting = sync.waiting
    if waiting.operations:
        what = f"{waiting.documents} documents, {waiting.audit_entries} audit entries, {waiting.bytes / 1024:.0f} KiB"
        table.add_row("to send", what)
    if sync.message and counted.server:
        table.add_row("", Text(plain(sync.message), style="red"))
    if sync.next_try:
        table.add_row("", f"tried again {local(sync.next_try)}")
    if counted.device_name:
        table.add_row("this device", plain(counted.device_name))
        if counted.server_sees == "metadata":
            table.add_row("server sees", "metadata only: no values, texts and file names are sent")
        table.add_row("templates", f"{counted.organization_templates} of the organization")
    if entitled := counted.entitlement:
        pages = (
            f"{entitled.used_pages} of {entitled.included_pages}" if entitled.included_pages else entitled.used_pages
        )
        table.add_row("pages", f"{pages} until {local(entitled.period_end)} ({plain(entitled.tier)})")
        table.add_row("", f"known until {local(entitled.until)} without a network")
    console().print(table)
