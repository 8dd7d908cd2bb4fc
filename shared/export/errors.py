"""Why a document cannot be handed on in a form."""

from typing import ClassVar

from shared.errors import ChartdropError


class ExportError(ChartdropError):
    """The base of what keeps one document from being exported; others are not concerned."""

    code: ClassVar[str] = "export_error"


class PictureMissing(ExportError):
    """A page has no picture any more, which a searchable PDF is made of."""

    code = "picture_missing"


class PictureUnusable(ExportError):
    """A page's picture is none that a PDF takes as it is."""

    code = "picture_unusable"


class TooManyCharacters(ExportError):
    """A document has more different characters than a font has glyphs."""

    code = "too_many_characters"


class PdfInvalid(ExportError):
    """The pages do not make a valid PDF/A."""

    code = "pdf_invalid"


class BundleInvalid(ExportError):
    """What was read does not make a valid FHIR Bundle."""

    code = "bundle_invalid"


class TooManyRows(ChartdropError):
    """A spreadsheet holds no more rows: not one of the documents is to blame, but all together."""

    code = "too_many_rows"
