"""`chartdrop search`."""

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from desktop.cli.session import Session, data_dir_option, json_option

if TYPE_CHECKING:
    from desktop.services import Workspace
    from desktop.vault.search import Found, SearchHit

_DAY = click.DateTime(["%Y-%m-%d"])
_STATES = ("waiting", "processing", "done", "failed", "quarantined")


@click.command()
@click.argument("text")
@click.option("--type", "document_type", help="Only documents of this kind (a template's name, or unknown).")
@click.option("--since", type=_DAY, help="Only what came in on this day or later.")
@click.option("--until", type=_DAY, help="Only what came in on this day or earlier.")
@click.option("--status", "state", type=click.Choice(_STATES), help="Only documents that are this far.")
@click.option("--reviewed-by", metavar="NAME", help="Only what a person of this name corrected or approved.")
@click.option("--limit", type=click.IntRange(1, 1000), default=25, show_default=True, help="The most documents.")
@json_option
@data_dir_option
@click.pass_context
def search(context: click.Context, /, text: str, as_json: bool, limit: int, **narrowed: Any) -> None:
    """Find documents by what stands on their pages; all the words must stand on one page.

    Capitals and accents do not matter, the last word may be a beginning, "quotes" hold words together. With - for TEXT,
    it is read from standard input, and so stays out of the shell's history.

    With --json, one object a document, the best first: id, file_name, state, document_type, received_at, pages (number,
    snippet, and polygons: where the words stand, in pixels of the page as read).
    """
    from desktop.cli.printing import print_json
    from desktop.vault.documents import DocumentState
    from desktop.vault.search import SearchQuery

    state = narrowed["state"]
    query = SearchQuery(
        sys.stdin.readline().rstrip("\n") if text == "-" else text,
        narrowed["document_type"],
        DocumentState(state) if state else None,
        _begin_of(narrowed["since"]),
        _begin_of(narrowed["until"], days=1),
        limit,
        narrowed["reviewed_by"],
    )
    with context.ensure_object(Session).signed_in() as workspace:
        found = workspace.search(query)
        if as_json:
            for hit in found.hits:
                print_json(_line(workspace, hit, query.typed))
    if not as_json:
        _print_hits(found)


def _begin_of(day: datetime | None, days: int = 0) -> datetime | None:
    """Midnight, here, of the `day` (`days` later)."""
    return (day + timedelta(days=days)).astimezone() if day else None


def _line(workspace: "Workspace", hit: "SearchHit", typed: str) -> dict[str, Any]:
    from desktop.cli.printing import moment

    document, places = hit.document, workspace.places(hit.document.id, typed)
    return {
        "id": str(document.id),
        "file_name": document.file_name,
        "state": str(document.state),
        "document_type": document.document_type,
        "received_at": moment(document.received_at),
        "pages": [
            {"number": page.number, "snippet": page.snippet, "polygons": places.get(page.number, ())}
            for page in hit.pages
        ],
    }


def _print_hits(found: "Found") -> None:
    from rich.text import Text

    from desktop.cli.printing import console, local, plain

    out = console()
    for hit in found.hits:
        document = hit.document
        heading = Text(plain(document.file_name), style="bold").append(f"  {document.id}", style="dim")
        out.print(
            heading.append(f"  {document.document_type}", style="cyan").append(f"  {local(document.received_at)}")
        )
        for page in hit.pages:
            out.print(
                Text(f"  page {page.number}  " if page.number else "  its name", style="dim").append(
                    plain(page.snippet)
                )
            )
    if not found.hits:
        click.echo("Nothing was found. All the words have to stand on one page.", err=True)
    elif found.more:
        click.echo("There are more: narrow the search, or raise --limit.", err=True)
