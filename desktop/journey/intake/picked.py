"""Files that a person picked: read where they are, and left there."""

import errno
import hashlib
import os
import stat
from pathlib import Path

from desktop.errors import FileRefused
from desktop.journey.intake.accept import Incoming

_CHUNK = 1024 * 1024


def read_picked(path: Path, template: str, limit: int) -> Incoming:
    """The whole file at `path`, ready to be taken in; more than `limit` bytes are hashed, not kept.

    Raises FileRefused for what is missing, a folder, no regular file or unreadable."""
    try:
        # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise FileRefused(f"{path}: {_why(error)}") from error
    with os.fdopen(descriptor, "rb") as source:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise FileRefused(f"{path}: This is a folder. Name the files in it.")
        if not stat.S_ISREG(mode):
            raise FileRefused(f"{path}: This is no regular file.")
        digest, kept, size = hashlib.sha256(), bytearray(), 0
        try:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                digest.update(chunk)
                if size <= limit:
                    kept += chunk
        except OSError as error:
            raise FileRefused(f"{path}: {_why(error)}") from error
    payload = bytes(kept) if size <= limit else None
    return Incoming(path.name, digest.hexdigest(), size, payload, template, limit)


def _why(error: OSError) -> str:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return "There is no such file. Check the name and the folder."
        case errno.EACCES | errno.EPERM:
            return "You may not read this file. Ask for the right to, or copy it to a place of your own."
        case errno.EISDIR:
            return "This is a folder. Name the files in it."
        case errno.ENAMETOOLONG:
            return "The name is longer than the system allows."
    return f"The file cannot be read ({os.strerror(error.errno or errno.EIO)})."
