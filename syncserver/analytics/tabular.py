"""The same answers as CSV, for who asks for `text/csv`: a line of names, then a row for each item (RFC 4180)."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

from shared.export.tabular import neutral
from syncserver.kit.paging import PageOf

CSV_MEDIA_TYPE = "text/csv"
DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {"description": "As JSON, or as CSV.", "content": {CSV_MEDIA_TYPE: {"schema": {"type": "string"}}}}
}
_OTHERS = ("application/json", "application/*", "*/*")


def answer(request: Request, told: BaseModel, row: type[BaseModel]) -> Response:
    """`told` as what the request accepts first: JSON, unless it names CSV before that.

    As CSV, a page's items are the rows; what is no page is one row. `row` is what a row is.
    """
    if _wants_csv(request.headers.get("Accept", "")):
        items = told.items if isinstance(told, PageOf) else [told]
        return Response(_csv(items, row), media_type=CSV_MEDIA_TYPE)
    return Response(told.model_dump_json(), media_type="application/json")


def _wants_csv(accept: str) -> bool:
    kinds = (part.partition(";")[0].strip().lower() for part in accept.split(","))
    first = next((kind for kind in kinds if kind == CSV_MEDIA_TYPE or kind in _OTHERS), None)
    return first == CSV_MEDIA_TYPE


def _csv(items: list[BaseModel], row: type[BaseModel]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(_columns(row)))
    writer.writeheader()
    for item in items:
        writer.writerow(dict(_cells(item.model_dump(mode="json"))))
    return out.getvalue()


def _columns(kind: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Members of members by their path: `processing_ms.p50`."""
    for name, member in kind.model_fields.items():
        if isinstance(member.annotation, type) and issubclass(member.annotation, BaseModel):
            yield from _columns(member.annotation, f"{prefix}{name}.")
        else:
            yield prefix + name


def _cells(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _cells(value, f"{prefix}{name}.")
        else:
            yield prefix + name, neutral(value) if isinstance(value, str) else value
