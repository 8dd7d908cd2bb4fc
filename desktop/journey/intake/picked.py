"""Files that a person picked: read where they are, and left there."""

import errno
import hashlib
import os
import stat
from pathlib import Path

from desktop.errors import FileRefused
from desktop.journey.intake.accept import Incoming
from desktop.vault.files import read_hashed, shown_name


def read_picked(path: Path, template: str, limit: int) -> Incoming:
    """The whole file at `path`, ready to be taken in; more than `limit` bytes are hashed, not kept.

    Raises FileRefused for what is missing, a folder, no regular file or unreadable."""
    try:
        # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise FileRefused(f"{shown_name(path)}: {_why(error)}") from error
    try:
        _refuse_special(path, os.fstat(descriptor).st_mode)
        content = read_hashed(descriptor, limit)
    except OSError as error:
        raise FileRefused(f"{shown_name(path)}: {_why(error)}") from error
    finally:
        os.close(descriptor)
    return Incoming(shown_name(path), content.sha256, content.size, content.payload, template, limit)


def pasted(file_name: str, payload: bytes, template: str, limit: int) -> Incoming:
    """What never was a file, ready to be taken in; more than `limit` bytes are hashed, not kept."""
    kept = payload if len(payload) <= limit else None
    return Incoming(file_name, hashlib.sha256(payload).hexdigest(), len(payload), kept, template, limit)


def _refuse_special(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise FileRefused(f"{shown_name(path)}: This is a folder. Name the files in it.")
    if not stat.S_ISREG(mode):
        raise FileRefused(f"{shown_name(path)}: This is a pipe, a socket or a device. Name a file.")


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
