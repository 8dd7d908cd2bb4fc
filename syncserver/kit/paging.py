"""Lists by cursor: a page continues after the last item of the page before, however many were added meanwhile."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from shared.clock import from_rfc3339, to_rfc3339
from syncserver.kit.columns import Moment
from syncserver.kit.errors import InvalidRequest

Item = TypeVar("Item")
Row = TypeVar("Row")
Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])
Place = tuple[datetime, UUID]
Limit = Annotated[int, Query(ge=1, le=100, description="How many items a page has at most.")]
CursorText = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")]
DEFAULT_LIMIT = 50


class PageOf(BaseModel, Generic[Item]):
    """Some items; `next_cursor` is null on the last page."""

    items: list[Item]
    next_cursor: str | None


class CursorInvalid(InvalidRequest):
    """The cursor is not one of ours."""

    code = "cursor_invalid"


def encode_cursor(*keys: object) -> str:
    """An opaque text that stands for the sort keys of a page's last item."""
    return base64.urlsafe_b64encode(json.dumps([str(key) for key in keys]).encode()).decode()


def decode_cursor(cursor: str, *parsers: Callable[[str], Any]) -> list[Any]:
    """The keys that `encode_cursor` took, each read by its parser. Raises CursorInvalid on anything else."""
    try:
        keys = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return [parse(key) for parse, key in zip(parsers, keys, strict=True)]
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError) as error:
        raise CursorInvalid("The cursor is not one that this server gave. Start again without it.") from error


def place_of(cursor: str | None) -> Place | None:
    """Behind which item the page begins: its moment and id; None at the beginning. Raises CursorInvalid."""
    if not cursor:
        return None
    moment, item_id = decode_cursor(cursor, from_rfc3339, UUID)
    return moment, item_id


def newest_first(
    statement: Statement,
    place: tuple[InstrumentedAttribute[datetime], InstrumentedAttribute[UUID]],
    after: Place | None,
    limit: int,
) -> Statement:
    """The first `limit` of what `statement` finds behind `after`, those of the last moment in `place` first."""
    moment, item_id = place
    if after:
        statement = statement.where(tuple_(*place) < tuple_(*after, types=[Moment(), item_id.type]))
    return statement.order_by(moment.desc(), item_id.desc()).limit(limit)


def page_of(
    rows: Sequence[Row], limit: int, view: Callable[[Row], Item], place: Callable[[Row], Place]
) -> PageOf[Item]:
    """The first `limit` of `rows`, which are one more where there are more; `place` is what they are in order of."""
    shown, more = rows[:limit], len(rows) > limit
    next_cursor = None
    if more:
        moment, item_id = place(shown[-1])
        next_cursor = encode_cursor(to_rfc3339(moment), item_id)
    return PageOf(items=[view(row) for row in shown], next_cursor=next_cursor)
