"""Pages to read: pictures as a scanner made them, by class of input, with the words that stand on them.

They are found in `../shared/samples` beside the checkout where that is present, in `tests/samples` otherwise. A sample
folder holds files and, for each, a truth: `page_text` (a text a page) and how the page was spoilt.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from pypdfium2 import raw as pdfium

from tests.quality.ocr.drivers.protocol import Line, box_quad
from tests.quality.ocr.measures import in_rows

ROOT = Path(__file__).parents[3]
BESIDE_THE_CHECKOUT = ROOT.parent / "shared" / "samples"
IN_THE_CHECKOUT = ROOT / "tests" / "samples"

KINDS = ("funsd", "clean", "scan", "skewed", "rotated", "fax", "photo", "photocopy", "lowcontrast", "stained")
"""Classes of input, in the order of the tables."""

SLANTED = frozenset({"skewed", "rotated"})
"""Classes whose pages have no rows before they were turned: no character error rate is taken of them."""

CASE_KEPT = frozenset({"funsd"})
"""Classes whose truth was read off the page letter by letter. Elsewhere the truth is what was set, and some of the
handwriting fonts that it was set in have capitals only: there, case cannot be read and is not compared."""

_KIND_OF_PROFILE = {
    "clean300": "clean",
    "digital": "clean",
    "gray200": "scan",
    "bilevel200": "scan",
    "bilevel300": "scan",
    "gray200skew": "skewed",
    "fax_fine": "fax",
    "fax_std": "fax",
    "phone": "photo",
    "photocopy": "photocopy",
    "lowcontrast": "lowcontrast",
    "stained": "stained",
}
_TURNS = (90, 180, 270)  # degrees clockwise
_SLANTS = (2.0, -3.0, 4.5, -1.5, 3.5, -5.0)  # degrees clockwise; a sheet feeder seldom slants a page by more
_DRAWN_DPI = 200  # of PDF pages that are no scans
_SCAN_COVERS = 0.8  # of the page's width: such a picture is the page's scan
_POINTS_AN_INCH = 72
_LIKELY_DPI = 50  # a resolution below this is none
_LETTER_300 = (2550, 3300)  # pixels


@dataclass(frozen=True, slots=True)
class Source:
    """One page of a sample file, `rotation` and `slant` degrees clockwise off how it lies there."""

    name: str
    kind: str
    file: Path
    number: int  # from 0
    truth: str
    rotation: int = 0
    slant: float = 0.0


@dataclass(frozen=True, slots=True)
class BenchPage:
    """A page to be read: a PNG, its class of input, and the words on it in rows."""

    name: str
    kind: str
    picture: Path
    truth: str


def find_sources() -> list[Source]:
    """All pages there are, those made by turning others included; always the same in the same order."""
    if BESIDE_THE_CHECKOUT.is_dir():
        found = [*_forms(BESIDE_THE_CHECKOUT / "funsd-train"), *_documents(BESIDE_THE_CHECKOUT / "clinical")]
    else:
        found = list(_documents(IN_THE_CHECKOUT))
    upright = [source for source in found if source.kind in ("clean", "scan")]
    return [*found, *_rotated(upright), *_skewed(upright)]


def choose(sources: Iterable[Source], kinds: Iterable[str], most: int) -> list[Source]:
    """At most `most` pages (0: all) of each of `kinds`, taken evenly from all there are."""
    by_kind: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        by_kind[source.kind].append(source)
    return [source for kind in kinds for source in spread(by_kind[kind], most)]


def spread(sources: list[Source], most: int) -> list[Source]:
    """`most` of `sources` (0: all), from the first on and at even distances."""
    count = min(most, len(sources)) if most else len(sources)
    return [sources[number * len(sources) // count] for number in range(count)]


def draw_pages(sources: Iterable[Source], folder: Path) -> list[BenchPage]:
    """Each source as a PNG in `folder`, with the file's own pixels, depth and resolution."""
    folder.mkdir(parents=True, exist_ok=True)
    return [BenchPage(source.name, source.kind, _drawn(source, folder), source.truth) for source in sources]


def draw_letter_pages(sources: Iterable[Source], folder: Path) -> list[Path]:
    """Two upright pages brought to the size of US letter at 300 dpi, in grey."""
    folder.mkdir(parents=True, exist_ok=True)
    upright = [source for source in sources if source.kind in ("clean", "scan")]
    paths = []
    for source in spread(upright, 2):
        page = _picture(source).convert("L").resize(_LETTER_300, Image.Resampling.LANCZOS)
        paths.append(folder / f"letter300-{source.name}.png")
        page.save(paths[-1], dpi=(300, 300), compress_level=1)
    return paths


def _forms(folder: Path) -> Iterator[Source]:
    """The FUNSD forms, whose truth is words with boxes."""
    for path in sorted((folder / "annotations").glob("*.json")):
        form: list[dict[str, Any]] = json.loads(path.read_text())["form"]
        words = [Line(word["text"], box_quad(*word["box"])) for entity in form for word in entity["words"]]
        yield Source(f"funsd-{path.stem}", "funsd", folder / "images" / f"{path.stem}.png", 0, in_rows(words))


def _documents(folder: Path) -> Iterator[Source]:
    for path in sorted((folder / "truth").glob("*.json")):
        truth: dict[str, Any] = json.loads(path.read_text())
        file = _file_of(folder, path.stem)
        spoilt: dict[str, Any] = truth.get("degradation", {})
        kind = "rotated" if spoilt.get("page_rotation_ccw") else _KIND_OF_PROFILE.get(spoilt.get("profile", ""), "scan")
        for number, text in enumerate(truth.get("page_text", ())):
            yield Source(f"{path.stem}-{number + 1}", kind, file, number, text)


def _file_of(folder: Path, stem: str) -> Path:
    return next(path for place in ("docs", "documents") for path in sorted((folder / place).glob(f"{stem}.*")))


def _rotated(sources: list[Source]) -> Iterator[Source]:
    for number, source in enumerate(sources):
        turn = _TURNS[number % len(_TURNS)]
        yield replace(source, name=f"{source.name}-turned{turn}", kind="rotated", rotation=turn)


def _skewed(sources: list[Source]) -> Iterator[Source]:
    for number, source in enumerate(sources):
        slant = _SLANTS[number % len(_SLANTS)]
        yield replace(source, name=f"{source.name}-slanted{slant:+}", kind="skewed", slant=slant)


def _drawn(source: Source, folder: Path) -> Path:
    path = folder / f"{source.kind}-{source.name}.png"
    page = _picture(source)
    dpi = page.info.get("dpi", (0, 0))
    tag = {"dpi": (float(dpi[0]), float(dpi[1]))} if min(dpi) >= _LIKELY_DPI else {}
    page.save(path, compress_level=1, **tag)  # type: ignore[arg-type]  # Pillow's options differ by format
    return path


def _picture(source: Source) -> Image.Image:
    """The page's own pixels, turned as the source says; `info` keeps its resolution."""
    page = _pdf_page(source) if source.file.suffix == ".pdf" else _raster_page(source)
    return _slanted(_turned(page, source.rotation), source.slant)


def _pdf_page(source: Source) -> Image.Image:
    with pypdfium2.PdfDocument(source.file) as document:
        page = document[source.number]
        dpi = _scan_dpi(page) or _DRAWN_DPI
        drawn: Image.Image = page.render(scale=dpi / _POINTS_AN_INCH).to_pil()
    drawn.info["dpi"] = (dpi, dpi)
    return drawn


def _scan_dpi(page: pypdfium2.PdfPage) -> float:
    """The finer resolution of the picture that fills `page`, 0 where there is none."""
    finest = 0.0
    for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2):
        left, bottom, right, top = image.get_bounds()
        if right - left >= _SCAN_COVERS * page.get_width():
            across, down = image.get_px_size()
            finest = max(finest, across / (right - left), down / (top - bottom))
    return round(finest * _POINTS_AN_INCH)


def _raster_page(source: Source) -> Image.Image:
    with Image.open(source.file) as image:
        image.seek(source.number)
        dpi = image.info.get("dpi", (0, 0))
        page = image.copy() if image.mode in ("1", "L", "RGB") else image.convert("RGB")
    page.info = {"dpi": dpi}
    return page


def _turned(page: Image.Image, clockwise: int) -> Image.Image:
    turns = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    if not clockwise:
        return page
    turned = page.transpose(turns[clockwise])
    across, down = page.info.get("dpi", (0, 0))
    turned.info["dpi"] = (down, across) if clockwise != 180 else (across, down)
    return turned


def _slanted(page: Image.Image, clockwise: float) -> Image.Image:
    """`page` as if it had gone through the scanner at an angle: white corners, and bilevel again if it was."""
    if not clockwise:
        return page
    grey = page.convert("L")
    slanted = grey.rotate(-clockwise, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    if page.mode == "1":
        slanted = slanted.point([255 * (value >= 128) for value in range(256)]).convert("1")
    slanted.info["dpi"] = page.info.get("dpi", (0, 0))
    return slanted
