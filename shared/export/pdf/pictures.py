"""A page's picture as PDF takes it: its compressed bytes as they are, nothing is decoded.

The pictures are those that a reading process of ours made: baseline JPEG, and PNG without transparency or interlace.
"""

import struct

import pikepdf

from shared.export.document import PagePicture
from shared.export.errors import PictureUnusable

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_COLOURS = {0: 1, 2: 3}  # colour type: channels (W3C PNG, 11.2.2)
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # JPEG's start-of-frame markers (ITU-T T.81, B.1.1.3)
_SPACES = {1: pikepdf.Name.DeviceGray, 3: pikepdf.Name.DeviceRGB}
_NO_INTERLACE = 0


def image_of(pdf: pikepdf.Pdf, picture: PagePicture) -> pikepdf.Stream:
    """The picture as an image of `pdf`. Raises PictureUnusable."""
    try:
        return _png(pdf, picture.data) if picture.data.startswith(_PNG) else _jpeg(pdf, picture.data)
    except (struct.error, IndexError, KeyError) as error:
        raise PictureUnusable("The picture of a page is damaged. Have the document read again.") from error


def _jpeg(pdf: pikepdf.Pdf, data: bytes) -> pikepdf.Stream:
    place = 2
    while data[place + 1] not in _FRAMES:
        place += 2 + struct.unpack_from(">H", data, place + 2)[0]
    bits, height, width, channels = struct.unpack_from(">BHHB", data, place + 4)
    image = _image(pdf, data, (width, height, bits, channels))
    image.Filter = pikepdf.Name.DCTDecode
    return image


def _png(pdf: pikepdf.Pdf, data: bytes) -> pikepdf.Stream:
    width, height, bits, colour, _, _, interlace = struct.unpack_from(">IIBBBBB", data, 16)
    if interlace != _NO_INTERLACE:
        raise KeyError(interlace)
    channels = _PNG_COLOURS[colour]
    image = _image(pdf, _image_data(data), (width, height, bits, channels))
    image.Filter = pikepdf.Name.FlateDecode
    image.DecodeParms = pikepdf.Dictionary(Predictor=15, Colors=channels, BitsPerComponent=bits, Columns=width)
    return image


def _image_data(data: bytes) -> bytes:
    """What is in the IDAT chunks: one zlib stream, filtered by rows as PDF's predictor 15 has it."""
    parts, place = [], len(_PNG)
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        if kind == b"IDAT":
            parts.append(data[place + 8 : place + 8 + length])
        place += length + 12
    return b"".join(parts)


def _image(pdf: pikepdf.Pdf, data: bytes, shape: tuple[int, int, int, int]) -> pikepdf.Stream:
    width, height, bits, channels = shape
    image = pikepdf.Stream(pdf, data)
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = width, height, bits
    image.ColorSpace = _SPACES[channels]
    return image
