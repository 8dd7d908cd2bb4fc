"""A document as PDF/A-2b (ISO 19005-2), which is seen to be so before it is handed out."""

import io
from datetime import datetime

import pikepdf
from pikepdf import pdfa

from shared.documents import Page
from shared.export.document import Document
from shared.export.errors import PdfInvalid, PictureMissing
from shared.export.pdf.font import BlankFont
from shared.export.pdf.pictures import image_of
from shared.export.pdf.text import content, text_of_page

_LEVEL = "2b"
_POINTS_AN_INCH = 72
_LONGEST, _SHORTEST = 14_400, 3  # points of a page's side (ISO 19005-2, 6.1.13)
_PROGRAM = "Chartdrop"


def searchable_pdf(document: Document, at: datetime) -> bytes:
    """The document's pages as pictures, upright and level as they were read, each with its text where it stands.

    Nothing of the original file is in it but what its pages show. Raises PictureMissing, PictureUnusable,
    TooManyCharacters, PdfInvalid, and what `document.picture` raises."""
    reading = document.reading
    font = BlankFont("".join(text_of_page(page) for page in reading.pages))
    with pikepdf.new() as pdf:
        embedded = font.embedded(pdf)
        for page in reading.pages:
            _add_page(pdf, document, page, font, embedded)
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = reading.file_name
            metadata["xmp:CreatorTool"] = metadata["pdf:Producer"] = _PROGRAM
            metadata["xmp:CreateDate"] = metadata["xmp:ModifyDate"] = at.isoformat(timespec="seconds")
        return _checked(pdf)


def _add_page(pdf: pikepdf.Pdf, document: Document, page: Page, font: BlankFont, embedded: pikepdf.Object) -> None:
    if document.picture is None:
        raise PictureMissing("The pictures of the pages are not held here, which a PDF is made of.")
    image = pdf.make_indirect(image_of(pdf, document.picture(page.number)))
    scale = _scale(page)
    added = pdf.add_blank_page(page_size=(page.width * scale, page.height * scale))
    added.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image), Font=pikepdf.Dictionary(F=embedded))
    added.Contents = pdf.make_stream(content(page, font, scale))


def _scale(page: Page) -> float:
    """Points a pixel: the paper's own size, as far as a PDF's page may have it."""
    longest, shortest = max(page.width, page.height), min(page.width, page.height)
    return max(min(_POINTS_AN_INCH / page.dpi, _LONGEST / longest), _SHORTEST / shortest)


def _checked(pdf: pikepdf.Pdf) -> bytes:
    pdfa.prepare(pdf, _LEVEL)
    options = pdfa.resolve_save_kwargs(_LEVEL)
    target = io.BytesIO()  # and no file: nothing of a patient is to lie about
    pdf.save(target, **options)
    target.seek(0)
    report = pdfa.validate_written(target, _LEVEL, options)
    if not report.passed:
        rule = report.findings[0].rule if report.findings else "unknown"
        raise PdfInvalid(f"The pages do not make a valid PDF/A (rule {rule}). Export another format.")
    return target.getvalue()
