"""Postal addresses on one line: "street, city, ST zip"."""

import re
from collections.abc import Sequence
from functools import lru_cache

from shared.reading.extraction.normalised import REPAIRED, Normalised
from shared.reading.extraction.states import STATES, has_zip
from shared.reading.extraction.texts import tidy

_ZIP_CHARACTER = r"[0-9OQDIlSZB|]"
_ZIP = re.compile(
    rf"(?:(?<=\s)|(?P<state>\b[A-Z]{{2}}),?\s?)(?P<zip>{_ZIP_CHARACTER}{{5}})"
    rf"(?P<more>\s?[-–]\s?{_ZIP_CHARACTER}{{4}})?(?![\w\-])"
)
_ZIP_DIGITS = str.maketrans("OQDIlSZB|", "000115281")
_NUMBER_MISREAD = re.compile(r"^([0-9OIlSB]*[0-9][0-9OIlSB]*)(?=\s+[A-Z])")
_NUMBER_DIGITS = str.maketrans("OIlSB", "01158")
_UNIT_MISREAD = re.compile(r"(?:(?<=\bapt\s)|(?<=\bste\s)|(?<=\bunit\s)|(?<=\bsuite\s)|(?<=#))[il|](?=\d)", re.I)
_LABEL = re.compile(r"^[^:0-9]{0,40}:\s*")
_CITY, _STATE, _POSTCODE = "PlaceName", "StateName", "ZipCode"
_STREET_NAMES = frozenset({"StreetName", "USPSBoxType", "StreetNamePreType"})
_NUMBERS = frozenset({"AddressNumber", "USPSBoxID"})
_BY_PARTS = (0.3, 0.4, 0.5, 0.75, 0.92, 0.97)  # plausibility, by how many of number, street, city, state and zip
_OTHER_STATES_ZIP = 0.5  # plausibility where the ZIP code is none of the state's: one of the two is misread
_REMEMBERED = 1024  # texts: parsing one takes 0.1 ms


@lru_cache(_REMEMBERED)
def address(text: str) -> Normalised | None:
    """The address, with the commas that line ends stood for, and without what follows its ZIP code."""
    printed = tidy(_LABEL.sub("", re.sub(r"\s*\n\s*", ", ", text)))
    plain = re.sub(r"\s?,(?=\S)", ", ", printed)
    mended = re.sub(r"^(\d+)(?=[A-Z][a-z])", r"\1 ", plain)  # "418Larkspur"
    mended = re.sub(r"\b0(?=[A-Za-z]{2}|[A-Z]\b)", "O", mended)  # "0ld Mill Road", "0H"
    mended = _UNIT_MISREAD.sub("1", mended)
    mended = _NUMBER_MISREAD.sub(lambda found: found[1].translate(_NUMBER_DIGITS), mended)
    mended = _ZIP.sub(_zip, mended)
    if not re.search(r"[^\W\d_]{2}", mended):
        return None
    return _in_parts(mended, repaired=_compact(mended) != _compact(plain))


def _compact(text: str) -> str:
    return re.sub(r"[\s,]", "", text)


def _zip(found: re.Match[str]) -> str:
    enough = sum(character.isdigit() for character in found["zip"]) >= 3
    if not enough or (found["state"] and found["state"] not in STATES.values()):
        return found[0]
    code = re.sub(r"\s?[-–]\s?", "-", found["zip"] + (found["more"] or "")).translate(_ZIP_DIGITS)
    return f"{found['state']} {code}" if found["state"] else code


def _in_parts(text: str, *, repaired: bool) -> Normalised:
    import usaddress  # not before an address is met: its model takes 20 ms

    parts = usaddress.parse(re.sub(r"\.(?=\s)", " ", text))  # "Main St. Salem" would be in the city of St. Salem
    labels = [label for _, label in parts]
    if _POSTCODE in labels:
        end = len(labels) - labels[::-1].index(_POSTCODE)
        parts, labels = parts[:end], labels[:end]
    pieces = _pieces(text, [word for word, _ in parts])
    present = (
        bool(_NUMBERS.intersection(labels)),
        bool(_STREET_NAMES.intersection(labels)),
        _CITY in labels,
        _STATE in labels,
        _POSTCODE in labels,
    )
    state = " ".join(re.sub(r"\W", "", word) for word, label in parts if label == _STATE).upper()
    code = STATES.get(state, state)
    value = _joined(pieces, labels, code)
    sure = _BY_PARTS[sum(present)]
    if code and _POSTCODE in labels and not has_zip(code, parts[-1][0]):
        sure = min(sure, _OTHER_STATES_ZIP)
    return Normalised(value, min(sure, REPAIRED) if repaired else sure, repaired=repaired)


def _pieces(text: str, words: Sequence[str]) -> list[str]:
    """`text` cut where its `words` begin, each piece with what follows the word: "#4" is "#" and "4" without space."""
    begins: list[int] = []
    for word in words:
        begins.append(text.find(word.strip(), begins[-1] + 1 if begins else 0))
    ends = [*begins[1:], begins[-1] + len(words[-1].strip())]
    return [text[begin:end] for begin, end in zip(begins, ends, strict=True)]


def _joined(pieces: Sequence[str], labels: Sequence[str], state: str) -> str:
    """The pieces with commas before and behind the city, and the state by its two letters."""
    made: list[str] = []
    for place, (piece, label) in enumerate(zip(pieces, labels, strict=True)):
        following = labels[place + 1] if place + 1 < len(labels) else ""
        if label == _STATE and state in STATES.values():
            made.extend([f"{state} "] if following != _STATE else [])
        elif (following == _CITY) != (label == _CITY) and following in {_CITY, _STATE}:
            made.append(piece.rstrip(" ,") + ", ")
        else:
            made.append(piece)
    return "".join(made).strip(" ,")
