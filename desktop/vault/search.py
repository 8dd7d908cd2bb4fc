"""Searching what was read: ranked, narrowed, page by page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from desktop.vault import documents
from desktop.vault.documents import DocumentState, DocumentSummary
from desktop.vault.people import name_key
from desktop.vault.search_index import month_word, reviewer_word, state_word, type_word
from desktop.vault.words import Term, marked, terms, words
from shared.clock import from_rfc3339, to_rfc3339
from shared.documents import Page, Polygon, Reading

# A word that stands on every page matches all there is: ranking 100,000 of them takes 60 ms, the newest 1,000 take 6.
_RANKED = 1000
_PAGES_A_DOCUMENT = 3  # of a limit's worth: as many pages as this are fetched for each document that is asked for
_SNIPPET_WORDS = 14
_MOST_MONTHS = 120  # FTS5 takes no expression of more than 256 parts
# Only reading gives these, and indexes anew as it does.
_STATES_OF_READINGS = frozenset({DocumentState.FAILED, DocumentState.QUARANTINED})
_MATCHES = """
SELECT page_index.rowid AS id, bm25(page_index, 1.0, 3.0, 2.0, 0.0) AS score
FROM page_index {joined} WHERE page_index MATCH :expression {narrowed}
ORDER BY page_index.rowid DESC LIMIT :ranked
"""
_CONDITIONS = {
    "document_type": "d.document_type = :document_type",
    "state": "d.state = :state",
    "since": "d.received_at >= :since",
    "until": "d.received_at < :until",
    "reviewed_by": "EXISTS (SELECT 1 FROM reviewers AS r WHERE r.document_id = d.id AND r.name_key = :reviewed_by)",
}
_JOINED = "JOIN pages AS p ON p.id = page_index.rowid JOIN documents AS d ON d.id = p.document_id"
# One at a time, each is a look at one end of an index.
_OLDEST_AND_NEWEST = text(
    "SELECT (SELECT min(received_at) FROM documents) AS oldest, (SELECT max(received_at) FROM documents) AS newest"
)
_BEST = """
SELECT best.id, best.score, pages.document_id, pages.number, page_index.shown
FROM (SELECT id, score FROM ({matches}) ORDER BY score, id DESC LIMIT :wanted) AS best
JOIN pages ON pages.id = best.id JOIN page_index ON page_index.rowid = best.id
ORDER BY best.score, best.id DESC
"""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What to look for: words as somebody types them, in any script; nothing in them is an operator but "quotes".

    `since` counts in, `until` does not; both are about when the document came in. `reviewed_by` is the name of somebody
    who corrected or approved it, however it is capitalised and spaced."""

    typed: str
    document_type: str | None = None
    state: DocumentState | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 25
    reviewed_by: str | None = None


@dataclass(frozen=True, slots=True)
class PageHit:
    """A page on which all the words stand, from 1; 0 where the document's name alone has them.

    `snippet` is a line of its text around the first of them."""

    number: int
    snippet: str


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A document that was found, and on which of its pages, the best first."""

    document: DocumentSummary
    pages: tuple[PageHit, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits first; `more` says that there are others."""

    hits: tuple[SearchHit, ...]
    more: bool


def search(connection: Connection, query: SearchQuery) -> Found:
    """The documents with a page on which all that was typed stands. Nothing typed finds nothing."""
    asked = terms(query.typed)
    if not asked:
        return Found((), more=False)
    wanted = query.limit * _PAGES_A_DOCUMENT
    narrowed, expression = _narrowed(query), _expression(query, asked, _span(connection, query))
    values = narrowed | {"expression": expression, "ranked": _RANKED, "wanted": wanted}
    rows = connection.execute(text(_statement(narrowed)), values).all()
    pages: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        pages.setdefault(UUID(row.document_id), []).append(row)
    chosen = list(pages)[: query.limit]
    summaries = documents.some(connection, chosen)
    hits = (
        SearchHit(summaries[one], tuple(PageHit(row.number, _snippet(row.shown, asked)) for row in pages[one]))
        for one in chosen
    )
    return Found(tuple(hits), more=len(rows) == wanted or len(pages) > query.limit)


def places(reading: Reading, typed: str) -> dict[int, tuple[Polygon, ...]]:
    """Where on which page (by its number) what was `typed` stands, so that it can be marked."""
    asked = terms(typed)
    found = {page.number: tuple(_places_on(page, asked)) for page in reading.pages}
    return {number: polygons for number, polygons in found.items() if polygons}


def _places_on(page: Page, asked: Sequence[Term]) -> Iterator[Polygon]:
    standing = [(part.text, part.polygon) for line in page.lines for part in line.parts]
    chosen = marked([words(shown) for shown, _ in standing], asked)
    return (standing[place][1] for place in sorted(chosen))


def _narrowed(query: SearchQuery) -> dict[str, str | int]:
    """What the query asks of documents, as the database has it."""
    asked = {
        "document_type": query.document_type,
        "state": query.state.value if query.state else None,
        "since": to_rfc3339(query.since) if query.since else None,
        "until": to_rfc3339(query.until) if query.until else None,
        "reviewed_by": name_key(query.reviewed_by) if query.reviewed_by is not None else None,
    }
    return {name: value for name, value in asked.items() if value is not None}


def _statement(narrowed: Iterable[str]) -> str:
    conditions = "".join(f" AND {_CONDITIONS[name]}" for name in narrowed)
    return _BEST.format(matches=_MATCHES.format(joined=_JOINED if conditions else "", narrowed=conditions))


def _span(connection: Connection, query: SearchQuery) -> tuple[datetime, datetime] | None:
    """From when to when the query asks, its open end closed by what there is; None where it asks for any time."""
    if query.since is None and query.until is None:
        return None
    oldest, newest = connection.execute(_OLDEST_AND_NEWEST).one()
    if oldest is None:
        return None
    return query.since or from_rfc3339(oldest), query.until or from_rfc3339(newest)


def _expression(query: SearchQuery, asked: Sequence[Term], span: tuple[datetime, datetime] | None) -> str:
    """FTS5's own language. Everything typed stands in quotes and holds letters and digits alone (`words`)."""
    all_terms = " AND ".join(f'"{" ".join(term.words)}"{" *" if term.is_open else ""}' for term in asked)
    narrowing = "".join(f" AND filed : ({one})" for one in _narrowing(query, span))
    return f"{{text found file_name}} : ({all_terms}){narrowing}"


def _narrowing(query: SearchQuery, span: tuple[datetime, datetime] | None) -> Iterator[str]:
    if query.document_type is not None:
        yield f'"{type_word(query.document_type)}"'
    if query.state in _STATES_OF_READINGS:
        yield f'"{state_word(query.state)}"'
    if query.reviewed_by is not None:
        yield f'"{reviewer_word(name_key(query.reviewed_by))}"'
    if span and (months := _months(*span)):
        yield " OR ".join(f'"{month}"' for month in months)


def _months(since: datetime, until: datetime) -> list[str]:
    """The months from `since` to `until`, both counted in; none where there are too many."""
    first, last = (moment.year * 12 + moment.month - 1 for moment in (since.astimezone(UTC), until.astimezone(UTC)))
    if not 0 <= last - first < _MOST_MONTHS:
        return []
    return [month_word(month // 12, month % 12 + 1) for month in range(first, last + 1)]


def _snippet(shown: str, asked: Sequence[Term]) -> str:
    parts = shown.split()
    places = marked([words(part) for part in parts], asked)
    first = max(0, min(places, default=0) - _SNIPPET_WORDS // 3)
    cut = parts[first : first + _SNIPPET_WORDS]
    return ("… " if first else "") + " ".join(cut) + (" …" if first + _SNIPPET_WORDS < len(parts) else "")
