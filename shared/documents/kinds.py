"""What a file is, by its content: a name proves nothing."""

from enum import StrEnum

_PDF_HEADER_WITHIN = 1024  # bytes; ISO 32000-1, annex H: readers accept the header anywhere among the first


class Kind(StrEnum):
    """The kinds of file that are read; the value is Pillow's name for it."""

    PDF = "PDF"
    TIFF = "TIFF"
    PNG = "PNG"
    JPEG = "JPEG"


_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": Kind.PNG,
    b"\xff\xd8\xff": Kind.JPEG,
    b"II*\x00": Kind.TIFF,
    b"MM\x00*": Kind.TIFF,
    b"II+\x00": Kind.TIFF,  # BigTIFF
    b"MM\x00+": Kind.TIFF,
}


def kind_of(payload: bytes) -> Kind | None:
    """The kind that `payload` begins like, None for any that is not read."""
    for signature, kind in _SIGNATURES.items():
        if payload.startswith(signature):
            return kind
    return Kind.PDF if b"%PDF-" in payload[:_PDF_HEADER_WITHIN] else None
