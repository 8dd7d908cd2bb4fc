"""Whether the database's write-ahead log is whole, looked at before SQLite opens it.

SQLite takes a log to end where it finds the first frame that is not what was written, without a word: right after a
power cut, but a byte that went bad later would take every later commit with it. A transaction is begun only once the
one before is on the disk, so a bad frame with a commit and another frame behind it is damage, and no power cut.
The format: https://sqlite.org/fileformat2.html#walformat.
"""

import struct
from pathlib import Path

_HEADER = struct.Struct(">IIIIIIII")  # magic, version, page size, checkpoints, two salts, two sums
_FRAME = struct.Struct(">IIIIII")  # page, pages of the database after a commit (else 0), two salts, two sums
_MAGIC = 0x377F0682  # its last bit says that the sums are over big-endian words
_SUMMED_OF_HEADER, _SUMMED_OF_FRAME = 24, 8  # bytes
_MOST_TRIES = 5

_Sums = tuple[int, int]


def log_of(database: Path) -> Path:
    """Where SQLite keeps the log of this database."""
    return database.with_name(f"{database.name}-wal")


def is_damaged(log: Path) -> bool:
    """Whether transactions that were on the disk cannot be read in `log` any more.

    Nobody is kept from writing: a log that was begun anew meanwhile is read again. The last transaction of a log is
    taken for one that a power cut ended, whatever became of it."""
    for _ in range(_MOST_TRIES):
        content = _read(log)
        if content[: _HEADER.size] == _read(log, _HEADER.size):
            return _is_damaged(content)
    return False  # whoever writes that much just now has it whole


def _is_damaged(content: bytes) -> bool:
    if len(content) <= _HEADER.size or not any(content):
        return False
    magic, _, page_size, _, *salts, first, second = _HEADER.unpack_from(content)
    order = ">" if magic & 1 else "<"
    if magic & ~1 != _MAGIC or _summed(order, (0, 0), content[:_SUMMED_OF_HEADER]) != (first, second):
        return True
    sums, size = (first, second), _FRAME.size + page_size
    bad = commits = False
    for at in range(_HEADER.size, len(content) - size + 1, size):
        _, pages, *own_salts, first, second = _FRAME.unpack_from(content, at)
        if own_salts != salts:
            bad = True  # left of an earlier log, or damaged: those that follow tell
        elif commits:
            return True
        else:
            if not bad:  # behind a bad frame no sum tells anything
                sums = _summed(order, sums, content[at : at + _SUMMED_OF_FRAME])
                sums = _summed(order, sums, content[at + _FRAME.size : at + size])
                bad = sums != (first, second)
            commits = bad and pages > 0
    return False


def _summed(order: str, sums: _Sums, content: bytes) -> _Sums:
    first, second = sums
    for word, next_word in struct.iter_unpack(f"{order}II", content):
        first = (first + word + second) & 0xFFFFFFFF
        second = (second + next_word + first) & 0xFFFFFFFF
    return first, second


def _read(log: Path, size: int = -1) -> bytes:
    try:
        with log.open("rb") as file:
            return file.read(size)
    except FileNotFoundError:
        return b""
