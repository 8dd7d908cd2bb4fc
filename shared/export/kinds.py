"""What the kinds of file that are read are called elsewhere."""

from shared.documents.kinds import Kind

_MEDIA_TYPES = {Kind.PDF: "application/pdf", Kind.TIFF: "image/tiff", Kind.PNG: "image/png", Kind.JPEG: "image/jpeg"}


def media_type_of(kind: Kind | None) -> str:
    """The media type of a file of this `kind`."""
    return _MEDIA_TYPES[kind] if kind else "application/octet-stream"
