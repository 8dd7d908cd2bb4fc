"""PDF files byte by byte, so that tests can have pages that no program would write."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page: what is painted, its named resources, its fonts beside F1, and what else its dictionary says.

    `objects` are appended to the file and named by `%NAME%` in any of the others.
    """

    content: bytes
    size: tuple[float, float] = (612, 792)
    resources: bytes = b""
    entries: bytes = b""
    fonts: bytes = b""
    objects: Mapping[str, bytes] = field(default_factory=dict)


def text(x: float, y: float, words: str, size: float = 11, before: str = "") -> bytes:
    """Words in Helvetica with their baseline beginning at (x, y) points from the bottom left."""
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F1 {size} Tf {before} {x} {y} Td ({escaped}) Tj ET\n".encode("cp1252")


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object, packed."""
    packed = zlib.compress(content)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (entries, len(packed), packed)


def picture(pixels: bytes, width: int, height: int) -> bytes:
    """An image object, 8 bits grey."""
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
    return stream(pixels, entries % (width, height))


def pdf_file(pages: Sequence[PdfPage], catalog: bytes = b"", font: bytes = HELVETICA) -> bytes:
    """The pages as a file."""
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>", b"", font]
    kids = []
    for page in pages:
        names: dict[bytes, bytes] = {}
        for label, body in page.objects.items():
            objects.append(body)
            names[f"%{label}%".encode()] = b"%d 0 R" % len(objects)
        objects.append(stream(page.content))
        whole = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.12g %.12g]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R%s>>%s>>%s>>"
            % (*page.size, len(objects), page.fonts, page.resources, page.entries)
        )
        objects.append(whole)
        kids.append(b"%d 0 R" % len(objects))
        for place in range(len(objects)):
            for name, reference in names.items():
                objects[place] = objects[place].replace(name, reference)
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    return _joined(objects)


def _joined(objects: Sequence[bytes]) -> bytes:
    file = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(file)
