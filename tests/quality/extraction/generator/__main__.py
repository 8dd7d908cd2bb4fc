"""`python -m tests.quality.extraction.generator OUT --count N`: documents, their truth, and a sheet to look over."""

import argparse
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PIL import Image

from tests.quality.extraction.generator import DAMAGES, FAMILIES, FITTED, KINDS, Generated, documents, fonts

_SMALL = 640  # pixels: a page's place on the sheet


def main() -> None:
    """Writes what the command line asks for."""
    asked = argparse.ArgumentParser(prog="python -m tests.quality.extraction.generator", description=__doc__)
    asked.add_argument("out", type=Path)
    asked.add_argument("--count", type=int, default=20)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--kinds", nargs="+", default=list(KINDS), choices=list(KINDS))
    asked.add_argument("--families", nargs="+", default=list(FITTED), choices=list(FAMILIES))
    asked.add_argument("--damages", nargs="+", default=list(DAMAGES), choices=list(DAMAGES))
    options = asked.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if fonts.missing():
        print("not installed, replaced by others:", *fonts.missing())
    found = documents(
        options.seed, options.count, kinds=options.kinds, families=options.families, damages=options.damages
    )
    pictures = []
    for document in found:
        (options.out / document.name).write_bytes(document.payload)
        (options.out / document.name).with_suffix(".json").write_text(json.dumps(document.truth, indent=1) + "\n")
        pictures.append(_first_page(document))
    _contact_sheet(pictures).save(options.out / "contact sheet.png")


def _first_page(document: Generated) -> Image.Image:
    if document.name.endswith(".pdf"):
        with pypdfium2.PdfDocument(document.payload) as pages:
            picture: Image.Image = pages[0].render(scale=1.5).to_pil()
        return picture.convert("RGB")
    with Image.open(io.BytesIO(document.payload)) as picture:
        return picture.convert("RGB")


def _contact_sheet(pictures: Sequence[Image.Image]) -> Image.Image:
    across = min(5, len(pictures))
    sheet = Image.new("RGB", (across * _SMALL, -(-len(pictures) // across) * _SMALL), (120, 120, 120))
    for place, picture in enumerate(pictures):
        picture.thumbnail((_SMALL - 8, _SMALL - 8), Image.Resampling.LANCZOS)
        sheet.paste(picture, (place % across * _SMALL, place // across * _SMALL))
    return sheet


if __name__ == "__main__":
    main()
