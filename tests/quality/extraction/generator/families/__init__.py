"""Families of layouts: each lays out any kind of document that suits it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.families import (
    card,
    cells,
    claim,
    combs,
    fax,
    letters,
    lines,
    plan_card,
    printouts,
    reports,
    screens,
)
from tests.quality.extraction.generator.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Family:
    """A way to lay out a document. `kinds`: those alone; `mono`: in a typewriter's face; `prose`: in sentences.

    `whole`: it has a place for all that such a document may ask.
    """

    draw: Callable[[Draft], None]
    kinds: tuple[str, ...] = ()
    mono: bool = False
    prose: bool = False
    whole: bool = False
    can_be_blank: bool = True


_NOT_CARDS = tuple(kind for kind in KINDS if kind != "insurance_card")

FAMILIES: Mapping[str, Family] = {
    "colon_lines": Family(lines.colon_lines),
    "ruled_lines": Family(lines.ruled_lines),
    "one_column": Family(lines.one_column),
    "dotted": Family(lines.dotted),
    "under_line": Family(lines.under_line),
    "two_columns": Family(lines.two_columns),
    "cells": Family(cells.cells),
    "boxes_in_rows": Family(cells.boxes_in_rows),
    "ledger": Family(cells.ledger),
    "card": Family(card.card, ("insurance_card",), can_be_blank=False),
    "card_on_page": Family(card.card_on_page, ("insurance_card",), can_be_blank=False),
    "panels": Family(lines.panels),
    "inline": Family(lines.inline),
    "printout": Family(printouts.printout, _NOT_CARDS, mono=True, can_be_blank=False),
    "letter": Family(letters.letter, letters.KINDS, prose=True, can_be_blank=False),
    "fax_cover": Family(fax.fax_cover, ("referral",), whole=True),
    "claim_form": Family(claim.claim_form, ("insurance_claim",), whole=True),
    "character_boxes": Family(combs.character_boxes),
    "portal": Family(screens.portal),
    "face_sheet": Family(screens.face_sheet),
    "properties": Family(screens.properties),
    "report": Family(reports.report, letters.KINDS, prose=True, can_be_blank=False),
    "plan_card": Family(plan_card.plan_card, ("insurance_card",), can_be_blank=False),
    "right_labels": Family(lines.right_labels),
    "three_columns": Family(lines.three_columns),
    "web_form": Family(cells.web_form),
    "zebra": Family(cells.zebra),
    "comb": Family(cells.comb),
    "chart": Family(printouts.chart, _NOT_CARDS, mono=True, can_be_blank=False),
    "note": Family(letters.note, letters.KINDS, prose=True, can_be_blank=False),
    "transmittal": Family(fax.transmittal, ("referral",), whole=True),
}

HELD_BACK = ("right_labels", "three_columns", "web_form", "zebra", "comb", "chart", "note", "transmittal")


def suits(family: str, kind: str) -> bool:
    """Whether the family can lay out that kind of document."""
    only = FAMILIES[family].kinds
    return not only or kind in only
