"""The truth of a drawn document, as the scorer reads it."""

from collections.abc import Mapping
from typing import Any

from tests.quality.extraction.generator.damage import Spoilt
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.sheet import Sheet
from tests.quality.ocr.drivers.protocol import Line, box_quad
from tests.quality.ocr.measures import in_rows


def truth_of(draft: Draft, family: str, damage: str, spoilt: Spoilt) -> dict[str, Any]:
    """Fields, tables and boxes; a box's key is a field, or `table.row.column`.

    A form that nobody filled in has no values, whoever printed it.
    Boxes are left, top, right, bottom as shares of the undamaged upright page's width and height.
    """
    content, blank = draft.content, draft.style.blank == 1
    values = dict.fromkeys(content.values) if blank else content.values
    boxes = {} if blank else _boxes(draft)
    return {
        "document_type": content.kind,
        "page_count": len(draft.sheets),
        "fields": {**values, **content.tables},
        "printed": {key: _printed(draft.printed, key, value) for key, value in values.items()},
        "tables": {name: list(rows) for name, rows in content.tables.items()},
        "boxes": boxes,
        "handwritten_fields": sorted(draft.handwritten & boxes.keys()),
        "degradation": {
            "profile": damage,
            "dpi": spoilt.dpi,
            "skew_degrees": list(spoilt.skew_degrees),
            "page_rotation_ccw": spoilt.rotation_ccw,
            "dpi_in_file": spoilt.tagged,
        },
        "family": family,
        "blank": blank,
        "page_text": [_page_text(sheet) for sheet in draft.sheets],
    }


def _printed(printed: Mapping[str, str], key: str, value: object) -> object:
    return value if isinstance(value, bool) else printed.get(key)


def _boxes(draft: Draft) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for number, sheet in enumerate(draft.sheets, 1):
        wide, high = sheet.size
        for key, (left, top, right, bottom) in sheet.marks.items():
            shares = (left / wide, top / high, right / wide, bottom / high)
            found.setdefault(key, {"page": number, "box": [round(share, 5) for share in shares]})
    return found


def _page_text(sheet: Sheet) -> str:
    return in_rows(Line(text, box_quad(*box)) for text, box in sheet.written)
