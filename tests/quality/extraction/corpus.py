"""Documents whose truth is known: their bytes, what they are, how they were spoilt, and what stands on them.

`generated` and `held-back` are laid out here and now (`generator/`): nothing may be fitted on the latter;
`generated-blank` are forms that nobody has filled in. `clinical` is
found in `../shared/samples` beside the checkout where that is present; `demo` and `blank` are in `tests/samples`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from shared.templates import AUTO
from tests.quality.extraction.generator import BLANK_FORMS, DAMAGES, FITTED, HELD_BACK, KINDS, documents
from tests.quality.ocr.corpus import BESIDE_THE_CHECKOUT, IN_THE_CHECKOUT

SETS = ("generated", "held-back", "generated-blank", "clinical", "demo", "blank")
"""Sets of documents, in the order of the tables; FUNSD is measured apart (`linking.py`)."""

CLASSES = ("clean and 300 dpi", "200 dpi", "fax", "photocopy", "low contrast", "stained", "photo", "other")
"""Classes of damage, in the order of the tables."""

_CLASS_OF_DAMAGE = {
    "digital": "clean and 300 dpi",
    "clean": "clean and 300 dpi",
    "clean300": "clean and 300 dpi",
    "bilevel300": "clean and 300 dpi",
    "gray200": "200 dpi",
    "gray200skew": "200 dpi",
    "bilevel200": "200 dpi",
    "fax_fine": "fax",
    "fax_std": "fax",
    "photocopy": "photocopy",
    "lowcontrast": "low contrast",
    "stained": "stained",
    "phone": "photo",
    "photo": "photo",
}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Truth:
    """What stands on a document.

    `fields` has None where the document asks and nothing stands; what is no key is not asked. `printed` has values as
    they stand there, `tables` their rows, `boxes` where values stand, by field, where that is known. `blank`: nobody
    has filled it in, and what stands there is the form's own print, the name of whoever printed it included.
    """

    document_type: str
    fields: Mapping[str, Any]
    printed: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    boxes: Mapping[str, Any] = field(default_factory=dict)
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One file with its truth; `family` is the family of layouts it is of, `damage` how it was spoilt."""

    name: str
    of_set: str
    family: str
    damage: str
    payload: bytes
    truth: Truth
    template: str = AUTO  # by which it is understood

    @property
    def damage_class(self) -> str:
        """One of CLASSES."""
        return _CLASS_OF_DAMAGE.get(self.damage, "other")


def truth_of(found: Json) -> Truth:
    """The truth as its JSON has it. A field that is a table is in `tables` alone."""
    tables = dict(found.get("tables") or {})
    for name, value in found["fields"].items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            tables.setdefault(name, value)
    if "pairs" in tables:  # a label that nothing stands beside is no pair
        tables["pairs"] = [pair for pair in tables["pairs"] if pair["value"] is not None]
    fields = {name: value for name, value in found["fields"].items() if name not in tables}
    return Truth(
        found["document_type"],
        fields,
        found.get("printed") or {},
        tables,
        found.get("boxes") or {},
        blank=bool(found.get("blank")),
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents of a set: all document types, families and damages where none is named.

    `count` and `seed` are for those that are laid out.
    """

    count: int
    seed: int = 1
    kinds: Sequence[str] = ()
    families: Sequence[str] = ()
    damages: Sequence[str] = ()

    def has(self, document: Document) -> bool:
        """Whether it is one of them."""
        chosen = (
            (self.kinds, document.truth.document_type),
            (self.families, document.family),
            (self.damages, document.damage),
        )
        return all(not names or name in names for names, name in chosen)


def documents_of(of_set: str, wanted: Wanted) -> Iterator[Document]:
    """The documents of a set; none where its folder is missing."""
    match of_set:
        case "generated":
            found = _laid_out(of_set, FITTED, wanted)
        case "held-back":
            found = _laid_out(of_set, HELD_BACK, wanted)
        case "generated-blank":
            made = _laid_out(of_set, BLANK_FORMS, replace(wanted, count=wanted.count // 2), blank=1.0)
            found = (one for one in made if one.truth.blank)
        case "blank":
            found = _blanks(IN_THE_CHECKOUT / "blank")
        case "demo":
            found = _documents(of_set, IN_THE_CHECKOUT)
        case _:
            found = _documents(of_set, BESIDE_THE_CHECKOUT / of_set)
    return filter(wanted.has, found)


def _laid_out(of_set: str, families: Sequence[str], wanted: Wanted, **more: float) -> Iterator[Document]:
    chosen = [name for name in families if name in wanted.families or not wanted.families]
    made = documents(
        wanted.seed,
        wanted.count,
        kinds=wanted.kinds or tuple(KINDS),
        families=chosen,
        damages=wanted.damages or DAMAGES,
        **more,
    )
    for one in made:
        yield Document(one.name, of_set, one.family, one.damage, one.payload, truth_of(one.truth))


def _documents(of_set: str, folder: Path) -> Iterator[Document]:
    for path in sorted((folder / "truth").glob("*.json")):
        truth: Json = json.loads(path.read_text())
        file = next(
            found for place in ("docs", "documents") for found in sorted((folder / place).glob(f"{path.stem}.*"))
        )
        damage = str(truth.get("degradation", {}).get("profile", ""))
        yield Document(file.name, of_set, of_set, damage, file.read_bytes(), truth_of(truth))


def _blanks(folder: Path) -> Iterator[Document]:
    """Forms of admission that nobody has filled in."""
    template = "hospice_admission"
    for file in sorted(folder.iterdir()):
        yield Document(
            file.name, "blank", "blank", "clean", file.read_bytes(), Truth(template, {}, blank=True), template
        )
