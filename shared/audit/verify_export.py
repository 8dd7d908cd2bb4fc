"""Checks an exported audit chain or log with nothing but Python's standard library: `python3 verify_audit.py FILE`.

`chartdrop audit export` writes a device's chain, the server's `/api/v1/audit/export` an organization's log: its own
chain and those of its devices, under a signed tree head (RFC 9162). `chartdrop audit verifier` writes this program. It
shares no code with Chartdrop, so that whoever checks need not trust Chartdrop; Ed25519 is written after RFC 8032,
canonical JSON after RFC 8785.

What it shows of a chain: every entry is whole, in order, without gaps, and signed with one key, or with those of the
identities that the device had one after the other (a store that was restored from a backup may go on under another,
whose first entry says whom it follows); the last is the export itself; and where the device was synced, the server
signed how far the chain had come, so that nothing before it was cut off or written anew. What the file alone cannot
show: that the last key and the server's are the right ones, and that no later export exists. So say what you know from
elsewhere: --device-key, --server-key (both on the server's list of devices), --head.

What it shows of a log: every chain in it is whole, what is left out was given up when its time was over, as the server
signed, and the tree head is over exactly this. An earlier tree head (--head SIZE:ROOT, from `/api/v1/audit/tree-head`)
shows besides that nothing before it was written anew. Keys of devices are the server's word.

Exit codes: 0 the chain holds, 1 it does not (the first wrong entry is named), 2 wrong usage.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_GENESIS = "0" * 64
_MEMBERS = ("chain", "sequence", "at", "actor", "action", "subject", "previous", "details", "digest", "signature")
_RECEIPT = ("receipt_sequence", "receipt_digest", "receipt_at", "receipt_signature", "server_key")
_RECEIPT_CONTEXT = b"chartdrop audit receipt v1\n"
_HEAD = ("tree", "size", "root", "at", "server_key", "signature")
_HEAD_CONTEXT = b"chartdrop audit tree head v1\n"
_GIVEN_UP = ("chain", "sequence", "digest")
_FORKED = "device.forked"
_LARGEST = 2**53 - 1  # RFC 8785, section 3.2.2.3: what every reader of JSON holds exactly

Entry = dict[str, object]


@dataclass(frozen=True)
class Known:
    """What whoever checks knows from elsewhere; keys in hexadecimal.

    `head` is an entry's sequence and SHA-256; of a log, the size and root of a tree head.
    """

    device_key: str | None = None
    server_key: str | None = None
    head: tuple[int, str] | None = None


@dataclass(frozen=True)
class Verdict:
    """`fault` is None when the chain holds, else which entry (from 1) is the first wrong one, and why.

    `countersigned` is up to which entry the server signed; None where the file has no receipt."""

    entries: int
    device_key: str
    server_key: str | None = None
    countersigned: int | None = None
    fault: tuple[int, str] | None = None


@dataclass(frozen=True)
class LogVerdict:
    """`fault` is None when the log holds, else which line's entry (from 1) is the first wrong one, and why."""

    entries: int
    server_key: str
    fault: tuple[int, str] | None = None


class _WrongEntry(Exception):
    """Raised at the first wrong entry: its place, and why."""


def verify_export(lines: Sequence[str], known: Known = Known(), quick: bool = False) -> Verdict:
    """Whether `lines` are a whole chain, from its first entry to its export.

    With `quick`, only the last signature is computed: it covers every digest before it."""
    key = known.device_key or ""
    try:
        entries = [_parsed(place, line) for place, line in enumerate(lines, start=1)]
        proof = _proof(entries)
        key = _text(proof, "public_key", len(entries))
        if known.device_key not in (None, key):
            raise _WrongEntry(len(entries), "the chain is signed with another device's key")
        _check_entries(entries, _bytes(key, len(entries)), quick)
        receipt = _checked_receipt(entries, proof, known)
    except _WrongEntry as wrong:
        return Verdict(len(lines), key, fault=(wrong.args[0], wrong.args[1]))
    if receipt is None:
        return Verdict(len(lines), key)
    return Verdict(len(lines), key, _text(proof, "server_key", len(entries)), receipt)


def is_log(lines: Sequence[str]) -> bool:
    """Whether `lines` are a server's export rather than a device's."""
    return bool(lines) and lines[0].startswith('{"tree":')


def verify_log(lines: Sequence[str], known: Known = Known(), quick: bool = False) -> LogVerdict:
    """Whether `lines` are a whole log of a server, from its first entry to its signed tree head.

    With `quick`, only the head's signature is computed: it covers every digest before it."""
    entries, key = max(len(lines) - 2, 0), known.server_key or ""
    try:
        begin, head = _first_line(lines[0]), _object(entries + 1, lines[-1], _HEAD)
        key = _text(head, "server_key", entries + 1)
        if known.server_key not in (None, key):
            raise _WrongEntry(entries + 1, "the tree head is signed with another server's key")
        log = _Log(begin, key, known.head, quick)
        for place, line in enumerate(lines[1:-1], start=1):
            log.take(place, line)
        log.end(entries + 1, head)
    except _WrongEntry as wrong:
        return LogVerdict(entries, key, (wrong.args[0], wrong.args[1]))
    return LogVerdict(entries, key)


class _Log:
    """A walk over a log's entries: where each chain has come to, and the tree over all of them."""

    def __init__(self, begin: Entry, server_key: str, head: tuple[int, str] | None, quick: bool) -> None:
        self._own, self._head, self._quick = _text(begin, "tree", 1), head, quick
        keys = begin["keys"]
        self._keys = {**keys, self._own: server_key} if isinstance(keys, dict) else {self._own: server_key}
        shared = begin.get("begins_after", {})
        self._begins: dict[str, int] = shared if isinstance(shared, dict) else {}
        self._firsts: dict[str, tuple[int, str]] = {}
        self._told_begins: dict[str, tuple[str, int]] = {}
        self._digests: dict[tuple[str, int], str] = {}
        self._ends: dict[str, tuple[int, str]] = {}
        self._given_up: dict[str, int] = {}
        self._allowed: dict[str, int] = {}
        self._size, self._peaks = 0, list[bytes]()

    def take(self, place: int, line: str) -> None:
        """The line follows in its chain, and is a leaf."""
        if line.startswith('{"chain":') and '"at":' not in line:
            entry = _object(place, line, _GIVEN_UP)
            digest = _text(entry, "digest", place)
            chain = _text(entry, "chain", place)
        else:
            chain, entry = _placed(place, line)
            digest = ""
        begin = self._begins.get(chain, 0)
        sequence, previous = self._ends.get(chain, (begin, "" if begin else _GENESIS))
        if entry["sequence"] != sequence + 1:
            raise _WrongEntry(place, f"sequence {entry['sequence']} stands where {sequence + 1} belongs")
        if not digest:
            if not previous:  # it stands in another chain, which may come later: `end` compares
                previous = _text(entry, "previous", place)
                self._firsts[chain] = place, previous
            digest = self._checked(place, entry, previous)
        elif self._given_up.get(chain, begin) == sequence:
            self._given_up[chain] = sequence + 1
        else:
            raise _WrongEntry(place, "the entry was left out of the middle of its chain")
        self._ends[chain] = sequence + 1, digest
        if sequence + 1 in self._begins.values():
            self._digests[chain, sequence + 1] = digest
        self._append(place, _bytes(digest, place))

    def _checked(self, place: int, entry: Entry, previous: str) -> str:
        if entry["previous"] != previous:
            raise _WrongEntry(place, "the entry does not follow the one before it")
        key = self._keys.get(_text(entry, "chain", place), "")
        _check_content(place, entry, _bytes(key, place) if isinstance(key, str) else b"", not self._quick)
        details = entry["details"]
        if entry["chain"] == self._own and entry["action"] == "audit.entries_removed" and isinstance(details, dict):
            through, subject = details.get("through"), _text(entry, "subject", place)
            self._allowed[subject] = through if isinstance(through, int) else 0
        if entry["chain"] == self._own and entry["action"] == "device.succeeded" and isinstance(details, dict):
            after, predecessor = details.get("after"), _text(details, "predecessor", place)
            self._told_begins[_text(entry, "subject", place)] = predecessor, after if isinstance(after, int) else 0
        return _text(entry, "digest", place)

    def _append(self, place: int, digest: bytes) -> None:
        self._peaks.append(hashlib.sha256(b"\x00" + digest).digest())
        self._size += 1
        level = 0
        while self._size >> level & 1 == 0:
            right = self._peaks.pop()
            self._peaks[-1] = hashlib.sha256(b"\x01" + self._peaks[-1] + right).digest()
            level += 1
        if self._head and self._head[0] == self._size and self._head[1] != self._root():
            raise _WrongEntry(place, "the log up to here is not the one whose head is known from elsewhere")

    def _root(self) -> str:
        root = self._peaks[-1] if self._peaks else hashlib.sha256().digest()
        for peak in reversed(self._peaks[:-1]):
            root = hashlib.sha256(b"\x01" + peak + root).digest()
        return root.hex()

    def _check_begin(self, place: int, chain: str, after: int) -> None:
        predecessor, told = self._told_begins.get(chain, ("", 0))
        if told != after:
            raise _WrongEntry(place, f"chain {chain} begins after entry {after}, and no entry says that it may")
        for _ in self._begins:  # the predecessor may share its first entries in turn
            if after <= self._begins.get(predecessor, 0):
                predecessor = self._told_begins.get(predecessor, ("", 0))[0]
        first, previous = self._firsts.get(chain, (0, ""))
        if first and self._digests.get((predecessor, after)) != previous:
            raise _WrongEntry(first, "the entry does not follow the one before it")

    def end(self, place: int, head: Entry) -> None:
        """The head is signed, over these entries and no others; what was given up was given up on record."""
        for chain, after in self._begins.items():
            self._check_begin(place, chain, after)
        for chain, count in self._given_up.items():
            if count > self._allowed.get(chain, 0):
                raise _WrongEntry(place, f"entries of chain {chain} are left out, and no entry says that they may be")
        signed = {name: head[name] for name in ("tree", "size", "root", "at")}
        key, signature = (_bytes(_text(head, name, place), place) for name in ("server_key", "signature"))
        if not is_signed(key, _HEAD_CONTEXT + _canonical(place, signed), signature):
            raise _WrongEntry(place, "the tree head is not genuine")
        if (head["tree"], head["size"], head["root"]) != (self._own, self._size, self._root()):
            raise _WrongEntry(place, "the tree head is over another log")
        if self._head and self._head[0] > self._size:
            raise _WrongEntry(place, f"the log ends here, but {self._head[0]} entries were written")


def _first_line(line: str) -> Entry:
    """What a log begins with: where chains begin that share their first entries with another, it says so."""
    members = ("tree", "keys", "begins_after") if '"begins_after":' in line else ("tree", "keys")
    begin = _object(0, line, members)
    shared = begin.get("begins_after", {})
    if not isinstance(shared, dict) or any(type(after) is not int or after < 1 for after in shared.values()):
        raise _WrongEntry(0, "the first line is not readable")
    return begin


def _placed(place: int, line: str) -> tuple[str, Entry]:
    """The entry in `line`, and the chain that it stands in: its own, or that of a later identity of its device."""
    if not line.startswith('{"of":'):
        entry = _parsed(place, line)
        return _text(entry, "chain", place), entry
    found = _object(place, line, ("of", "entry"))
    inner = json.dumps(found["entry"], ensure_ascii=False, separators=(",", ":"))
    return _text(found, "of", place), _parsed(place, inner)


def _object(place: int, line: str, members: tuple[str, ...]) -> Entry:
    """The object in `line`. Its one spelling is demanded: what is said twice or otherwise could be read in two ways."""
    try:
        found = json.loads(line)
        respelt = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        raise _WrongEntry(place, "the entry is not readable") from None
    if respelt != line or type(found) is not dict or tuple(found) != members:
        raise _WrongEntry(place, "the entry is not readable")
    return found


def _parsed(place: int, line: str) -> Entry:
    """The entry in `line`."""
    entry = _object(place, line, _MEMBERS)
    if not _has_right_types(entry):
        raise _WrongEntry(place, "the entry is not readable")
    return entry


def _has_right_types(entry: Entry) -> bool:
    texts = all(type(entry[name]) is str for name in _MEMBERS if name not in ("sequence", "details"))
    details = entry["details"]
    if not texts or type(entry["sequence"]) is not int or type(details) is not dict:
        return False
    return all(type(value) in (str, int, bool) for value in details.values())


def _proof(entries: Sequence[Entry]) -> Entry:
    """The details of the export, which ends every exported chain."""
    if not entries or entries[-1]["action"] != "audit.exported":
        raise _WrongEntry(len(entries) + 1, "the file ends here, but not with the entry of its export")
    details = entries[-1]["details"]
    return details if isinstance(details, dict) else {}


def _check_entries(entries: Sequence[Entry], key: bytes, quick: bool) -> None:
    previous, chain, keys = _GENESIS, entries[0]["chain"], _keys_of(entries, key)
    for place, entry in enumerate(entries, start=1):
        if entry["sequence"] != place:
            raise _WrongEntry(place, f"sequence {entry['sequence']} stands where {place} belongs")
        if entry["action"] == _FORKED and entry["subject"] == chain:
            chain = entry["chain"]
        if entry["chain"] != chain:
            raise _WrongEntry(place, "the entry belongs to another device")
        if entry["previous"] != previous:
            raise _WrongEntry(place, "the entry does not follow the one before it")
        _check_content(place, entry, keys.get(chain, b""), not quick or place == len(entries))
        previous = _text(entry, "digest", place)


def _keys_of(entries: Sequence[Entry], key: bytes) -> dict[object, bytes]:
    """The key of each identity that the device had: the last one's is `key`, and each names the one before it."""
    keys: dict[object, bytes] = {entries[-1]["chain"]: key}
    for place in range(len(entries), 0, -1):
        entry, details = entries[place - 1], entries[place - 1]["details"]
        if entry["action"] == _FORKED and entry["chain"] in keys and isinstance(details, dict):
            keys.setdefault(entry["subject"], _bytes(_text(details, "predecessor_key", place), place))
    return keys


def _check_content(place: int, entry: Entry, key: bytes, signature_is_due: bool) -> None:
    message = _canonical(place, {name: entry[name] for name in _MEMBERS if name not in ("digest", "signature")})
    if hashlib.sha256(message).hexdigest() != entry["digest"]:
        raise _WrongEntry(place, "the entry was changed after it was written")
    if signature_is_due and not is_signed(key, message, _bytes(_text(entry, "signature", place), place)):
        raise _WrongEntry(place, "the signature is not the device's")


def _checked_receipt(entries: Sequence[Entry], proof: Entry, known: Known) -> int | None:
    """Up to which entry the chain is countersigned; what is known from elsewhere was compared with it, too."""
    end = len(entries)
    if known.head is not None:
        _check_head(entries, known.head, "the entry is not the one that is known from elsewhere")
    if not any(name in proof for name in _RECEIPT):
        if known.server_key is not None:
            raise _WrongEntry(end, "the export has no receipt of the server")
        return None
    if known.server_key not in (None, proof.get("server_key")):
        raise _WrongEntry(end, "the receipt is signed with another server's key")
    sequence, digest = proof.get("receipt_sequence"), _text(proof, "receipt_digest", end)
    signed = {"at": proof.get("receipt_at"), "chain": "", "digest": digest, "sequence": sequence}
    key, signature = (_bytes(_text(proof, name, end), end) for name in ("server_key", "receipt_signature"))
    identities = dict.fromkeys(entry["chain"] for entry in entries)
    messages = (_RECEIPT_CONTEXT + _canonical(end, signed | {"chain": chain}) for chain in identities)
    if type(sequence) is not int or not any(is_signed(key, message, signature) for message in messages):
        raise _WrongEntry(end, "the server's receipt is not genuine")
    _check_head(entries, (sequence, digest), "the entry is not the one that was countersigned")
    return sequence


def _check_head(entries: Sequence[Entry], head: tuple[int, str], otherwise: str) -> None:
    sequence, digest = head
    if sequence > len(entries):
        raise _WrongEntry(len(entries) + 1, f"the chain ends here, but {sequence} entries were written")
    if sequence < 1 or entries[sequence - 1]["digest"] != digest:
        raise _WrongEntry(max(sequence, 1), otherwise)


def _text(members: Entry, name: str, place: int) -> str:
    value = members.get(name)
    if type(value) is not str:
        raise _WrongEntry(place, f"it lacks {name}")
    return value


def _bytes(text: str, place: int) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if not found or found.hex() != text:  # one spelling here, too: neither capitals nor spaces
        raise _WrongEntry(place, "a key or signature is not hexadecimal")
    return found


def _canonical(place: int, value: object) -> bytes:
    """RFC 8785, for what entries are made of: objects, strings, whole numbers, true and false."""
    try:
        return _spelt(value).encode()
    except (ValueError, TypeError):
        raise _WrongEntry(place, "the entry is not readable") from None


def _spelt(value: object) -> str:
    if isinstance(value, dict):
        # Section 3.2.3: members in the order of their names' UTF-16 code units.
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{_spelt(name)}:{_spelt(value[name])}" for name in names) + "}"
    if isinstance(value, str | bool):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int) and abs(value) <= _LARGEST:
        return str(value)
    raise TypeError


# Ed25519 after RFC 8032, section 6: points of the curve in extended coordinates.
_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)  # of -1

Point = tuple[int, int, int, int]


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is that of `message` under the Ed25519 public `key`."""
    if len(key) != 32 or len(signature) != 64:
        return False
    point, commitment = _decompressed(key), _decompressed(signature[:32])
    answer = int.from_bytes(signature[32:], "little")
    if point is None or commitment is None or answer >= _ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _ORDER
    return _equal(_times(answer, _BASE), _sum(commitment, _times(challenge, point)))


def _sum(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c, d = 2 * one[3] * other[3] * _D % _P, 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(factor: int, point: Point) -> Point:
    product: Point = (0, 1, 1, 0)
    while factor > 0:
        if factor & 1:
            product = _sum(product, point)
        point, factor = _sum(point, point), factor >> 1
    return product


def _equal(one: Point, other: Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % _P == 0 and (one[1] * other[2] - other[1] * one[2]) % _P == 0


def _decompressed(packed: bytes) -> Point | None:
    number = int.from_bytes(packed, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    x = _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % _P)


def _x_of(y: int, sign: int) -> int | None:
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    if square == 0:
        return None if sign else 0
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P:
        return None
    return x if x & 1 == sign else _P - x


# Section 5.1: the base point, whose y is 4/5 and whose x is even.
_BASE_Y = 4 * pow(5, _P - 2, _P) % _P
_BASE_X = _x_of(_BASE_Y, 0) or 0
_BASE: Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P)


def _head(text: str) -> tuple[int, str]:
    sequence, _, digest = text.partition(":")
    return int(sequence), digest.lower()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Checks an exported audit chain or log.")
    parser.add_argument("file", type=Path, help="the exported file (JSON Lines)")
    parser.add_argument("--device-key", type=str.lower, help="the device's public key, known from elsewhere (hex)")
    parser.add_argument("--server-key", type=str.lower, help="the server's public key, known from elsewhere (hex)")
    parser.add_argument(
        "--head", type=_head, metavar="NUMBER:SHA256", help="an entry, or a log's tree head, known from elsewhere"
    )
    parser.add_argument("--quick", action="store_true", help="every digest, but the last signature alone")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code; the verdict is told on standard output."""
    given = _arguments().parse_args(arguments)
    try:
        text = given.file.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        print(f"{given.file} cannot be read: {error}", file=sys.stderr)
        return 2 if isinstance(error, OSError) else 1
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()  # what follows the last entry's end of line
    known = Known(given.device_key, given.server_key, given.head)
    verdict = (verify_log if is_log(lines) else verify_export)(lines, known, given.quick)
    print(_log_told(verdict) if isinstance(verdict, LogVerdict) else _told(verdict))
    return 1 if verdict.fault else 0


def _log_told(verdict: LogVerdict) -> str:
    if verdict.fault:
        return f"The audit log does not hold at entry {verdict.fault[0]}: {verdict.fault[1]}."
    return (
        f"The audit log holds: {verdict.entries} entries, under a tree head signed with the server's key "
        f"{verdict.server_key}."
    )


def _told(verdict: Verdict) -> str:
    if verdict.fault:
        return f"The audit chain does not hold at entry {verdict.fault[0]}: {verdict.fault[1]}."
    words = [f"The audit chain holds: {verdict.entries} entries, signed with the device's key {verdict.device_key}."]
    if verdict.countersigned is None:
        words.append("No server has countersigned it: a tail cut off before the export would not show.")
    else:
        words.append(
            f"Entries 1 to {verdict.countersigned} are countersigned with the server's key {verdict.server_key}."
        )
    return "\n".join(words)


if __name__ == "__main__":
    sys.exit(main())
