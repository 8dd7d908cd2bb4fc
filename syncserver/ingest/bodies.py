"""The body of a push: read only once its sender is known, unpacked within a limit."""

import zlib

from syncserver.ingest.errors import BodyNotReadable, EncodingUnknown
from syncserver.ingest.sent import Sent, parse_operations
from syncserver.kit.errors import BodyTooLarge

MAX_PACKED_BYTES = 32 * 1024 * 1024
MAX_UNPACKED_BYTES = 64 * 1024 * 1024  # one row may travel alone: 500 dense pages, 128 KiB of JSON each
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


def parse_push(body: bytes, encoding: str) -> tuple[Sent, ...]:
    """The operations in `body`. Raises EncodingUnknown, BodyNotReadable, BodyTooLarge, InvalidRequest."""
    return parse_operations(_unpacked(body, encoding))


def _unpacked(body: bytes, encoding: str) -> bytes:
    match encoding.strip().lower():
        case "" | "identity":
            return body
        case "gzip":
            return _gunzip(body)
    raise EncodingUnknown("The body's Content-Encoding is not one of gzip and identity.")


def _gunzip(body: bytes) -> bytes:
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        text = unpacker.decompress(body, MAX_UNPACKED_BYTES)
    except zlib.error:
        raise BodyNotReadable("The body is not gzip, although Content-Encoding says so.") from None
    if unpacker.unconsumed_tail:
        raise BodyTooLarge(f"The body is larger than {MAX_UNPACKED_BYTES // 1024**2} MiB once unpacked.")
    if not unpacker.eof or unpacker.unused_data:
        raise BodyNotReadable("The gzip body is cut off, or something follows it.")
    return text
