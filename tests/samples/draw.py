"""Draws the sample documents: forms of our own making, filled in for people who do not exist.

    python -m tests.samples.draw

makes `documents/`, `truth/`, `blank/` and `bad/` anew; the same Pillow makes the same files.
"""

import io
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from tests.quality.ocr.drivers.protocol import Line, box_quad
from tests.quality.ocr.measures import in_rows
from tests.samples import layouts
from tests.samples.canvas import Canvas
from tests.samples.encrypted import encrypted_pdf
from tests.samples.form import Form
from tests.samples.people import Row, invent

HERE = Path(__file__).parent
_PAPER = 255
_PDF: dict[str, Any] = {"resolution": 200, "creationDate": time.gmtime(0), "modDate": time.gmtime(0)}


@dataclass(frozen=True, slots=True)
class Spoilt:
    """What became of the drawn pages: the kind of scan, and how far it was turned (degrees counter-clockwise)."""

    profile: str
    page_rotation_ccw: int = 0


def scanned(image: Image.Image, seed: int, skew: float = 0.0) -> Image.Image:
    """As a flat-bed scanner at 200 dpi would have it: a little soft, a little noisy, turned left by `skew` degrees."""
    turned = image.rotate(skew, Image.Resampling.BICUBIC, fillcolor=_PAPER).filter(ImageFilter.GaussianBlur(0.6))
    noise = np.random.default_rng(seed).normal(0, 3, (image.height, image.width))
    return Image.fromarray(np.clip(np.asarray(turned, dtype=np.float32) * 0.95 + 6 + noise, 0, 255).astype(np.uint8))


def bilevel(image: Image.Image, threshold: int = 150) -> Image.Image:
    """Black and white, dithered by nothing."""
    return image.point(lambda grey: 255 if grey > threshold else 0).convert("1", dither=Image.Dither.NONE)


def faxed(image: Image.Image, skew: float) -> Image.Image:
    """1728 dots a line at 204 x 196 dots an inch (ITU-T T.4, fine), with the sender's line at the top."""
    sheet = image.copy()
    stamp = Canvas()
    stamp.text((90, 20), "FROM: 319 555 0117    TO: INTAKE    P. 001/001", 22)
    sheet.paste(stamp.image.crop((0, 0, 1700, 60)), (0, 0))
    turned = sheet.rotate(skew, Image.Resampling.BICUBIC, fillcolor=_PAPER)
    return bilevel(turned.resize((1728, 2156), Image.Resampling.LANCZOS))


def save(name: str, form: Form, spoilt: Spoilt, write: Callable[[Path], None]) -> None:
    """The document and its truth: a value for each field that the form asks for, and each page's text.

    The header line that a fax machine adds is not in the text.
    """
    assert form.patient is not None
    write(HERE / "documents" / name)
    asked = form.asked
    truth = {
        "document_type": "hospice_admission",
        "page_count": len(form.pages),
        "fields": {field: value for field, value in sorted(form.patient.fields.items()) if field in asked},
        "tables": {
            table: _printed_columns(rows, form.columns[table])
            for table, rows in form.patient.tables.items()
            if table in asked
        },
        "page_text": [_page_text(page) for page in form.pages],
        "degradation": asdict(spoilt),
    }
    path = HERE / "truth" / f"{Path(name).stem}.json"
    path.write_text(json.dumps(truth, indent=1) + "\n")


def _page_text(page: Canvas) -> str:
    return in_rows(Line(written.text, box_quad(*written.box)) for written in page.written)


def _printed_columns(rows: Sequence[Row], columns: Sequence[str]) -> list[Row]:
    return [{column: row[column] for column in columns} for row in rows]


def draw_documents() -> None:
    """One document for each way in which paper reaches a hospice."""
    patient = invent(11, last_name_first=True)
    form = layouts.boxed(patient)
    clean = form.page.image
    save("face sheet.png", form, Spoilt("digital"), lambda path: clean.save(path, dpi=(200, 200), optimize=True))

    patient = invent(12)
    form = layouts.rows(patient)
    slanted = scanned(form.page.image, 12, skew=1.4)
    save(
        "admission record.jpg",
        form,
        Spoilt("gray200skew"),
        lambda path: slanted.save(path, quality=45, dpi=(200, 200)),
    )

    patient = invent(13)
    form = layouts.ledger(patient)
    first, *rest = (bilevel(page.image) for page in form.pages)
    save(
        "intake, two pages.pdf",
        form,
        Spoilt("bilevel200"),
        lambda path: first.save(path, save_all=True, append_images=rest, **_PDF),
    )

    patient = invent(14, last_name_first=True)
    form = layouts.boxed(patient)
    fax = faxed(form.page.image, skew=-0.8)
    save(
        "fax from st. anne.tif",
        form,
        Spoilt("fax_fine"),
        lambda path: fax.save(path, compression="group4", dpi=(204, 196)),
    )

    patient = invent(15)
    form = layouts.lines(patient)
    sideways = scanned(form.page.image, 15).rotate(90, expand=True)
    save(
        "lying on its side.jpg",
        form,
        Spoilt("gray200", 90),
        lambda path: sideways.save(path, quality=45, dpi=(200, 200)),
    )

    patient = invent(16)
    form = layouts.rows(patient)
    page = bilevel(form.page.image.rotate(-0.6, Image.Resampling.BICUBIC, fillcolor=_PAPER))
    save("scan 0042.pdf", form, Spoilt("bilevel200"), lambda path: page.save(path, **_PDF))

    patient = invent(17, last_name_first=True)
    form = layouts.ledger(patient)
    first, *rest = (bilevel(page.image.rotate(0.5, Image.Resampling.BICUBIC, fillcolor=_PAPER)) for page in form.pages)
    save(
        "upside down.tif",
        form,
        Spoilt("bilevel200", 180),
        lambda path: first.rotate(180).save(
            path, compression="group4", save_all=True, append_images=[page.rotate(180) for page in rest], dpi=(200, 200)
        ),
    )


def draw_blank_forms() -> None:
    """Forms that nobody has filled in."""
    for layout in (layouts.boxed, layouts.rows, layouts.lines):
        image = bilevel(layout(None).page.image)
        image.save(HERE / "blank" / f"{layout.__name__}.png", dpi=(200, 200), optimize=True)


def draw_bad_files() -> None:
    """Files that cannot be read, each for another reason."""
    bad = HERE / "bad"
    whole = io.BytesIO()
    bilevel(layouts.rows(invent(18)).page.image.resize((850, 1100))).save(whole, "PDF", **_PDF)
    (bad / "empty.pdf").write_bytes(b"")
    (bad / "torn.pdf").write_bytes(whole.getvalue()[: len(whole.getvalue()) // 3])
    (bad / "letter.pdf").write_text("Dear colleague,\nplease find the scan attached.\n" * 8)
    (bad / "locked.pdf").write_bytes(encrypted_pdf("sesame"))
    torn = io.BytesIO()
    layouts.lines(invent(19)).page.image.resize((425, 550)).save(torn, "JPEG", quality=30)
    (bad / "torn.jpg").write_bytes(torn.getvalue()[:4000])


def main() -> None:
    """All sample files, drawn anew."""
    for folder in ("documents", "truth", "blank", "bad"):
        (HERE / folder).mkdir(exist_ok=True)
    draw_documents()
    draw_blank_forms()
    draw_bad_files()


if __name__ == "__main__":
    main()
