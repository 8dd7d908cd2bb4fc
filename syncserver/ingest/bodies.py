"""The body of a push: read only once its sender is known, unpacked within a limit."""

import hashlib
import json
import zlib
from dataclasses import dataclass

from pydantic import ValidationError

from shared.wire.v1.sync import PushRequest
from syncserver.ingest.errors import BodyNotReadable, EncodingUnknown
from syncserver.kit.errors import BodyTooLarge
from syncserver.kit.problems import invalid_request

MAX_PACKED_BYTES = 32 * 1024 * 1024
MAX_UNPACKED_BYTES = 64 * 1024 * 1024  # one row may travel alone: 500 dense pages, 128 KiB of JSON each
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Push:
    """A request, and the SHA-256 of each operation's canonical JSON, in the same order."""

    request: PushRequest
    digests: tuple[str, ...]


def parse_push(body: bytes, encoding: str) -> Push:
    """The push in `body`. Raises EncodingUnknown, BodyNotReadable, BodyTooLarge, InvalidRequest."""
    text = _unpacked(body, encoding)
    try:
        request = PushRequest.model_validate_json(text)
    except ValidationError as error:
        raise invalid_request(error) from None  # the cause would quote the body
    # Of what was sent, not of what this version understood: a newer server must find the same digest.
    digests = tuple(_digest(operation) for operation in json.loads(text)["operations"])
    return Push(request, digests)


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


def _digest(operation: object) -> str:
    canonical = json.dumps(operation, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
