"""Postal addresses on one line: "street, city, ST zip"."""

import re

from shared.reading.extraction.normalised import Normalised
from shared.reading.extraction.texts import tidy

_ZIP = re.compile(r"\b([0-9OQDIlSZB|]{5})(-[0-9OQDIlSZB|]{4})?(?=\W*$)")
_ZIP_DIGITS = str.maketrans("OQDIlSZB|", "000115281")
_NUMBER_MISREAD = re.compile(r"^([0-9OIlSB]*[0-9][0-9OIlSB]*)(?=\s+[A-Z])")
_NUMBER_DIGITS = str.maketrans("OIlSB", "01158")
_CITY, _STATE, _POSTCODE = "PlaceName", "StateName", "ZipCode"
_STREET_NAMES = frozenset({"StreetName", "USPSBoxType", "StreetNamePreType"})
_NUMBERS = frozenset({"AddressNumber", "USPSBoxID"})
_BY_PARTS = (0.3, 0.4, 0.5, 0.75, 0.92, 0.97)  # plausibility, by how many of number, street, city, state and zip


def address(text: str) -> Normalised | None:
    """The address, with the commas that line ends stood for."""
    plain = tidy(text)
    mended = re.sub(r"(?<=\d)(?=[A-Z][a-z])", " ", plain)  # "418Larkspur"
    mended = re.sub(r"\b0(?=[a-z]{2}|[A-Z]\b)", "O", mended)  # "0ld Mill Road", "0H"
    mended = _NUMBER_MISREAD.sub(lambda found: found[1].translate(_NUMBER_DIGITS), mended)
    mended = _ZIP.sub(_zip, mended)
    if not re.search(r"[^\W\d_]{2}", mended):
        return None
    if not any(character.isdigit() for character in mended):
        return Normalised(mended, _BY_PARTS[2])
    return _in_parts(mended, repaired=mended != plain)


def _zip(found: re.Match[str]) -> str:
    enough = sum(character.isdigit() for character in found[1]) >= 3
    return found[0].translate(_ZIP_DIGITS) if enough else found[0]


def _in_parts(text: str, *, repaired: bool) -> Normalised:
    import usaddress

    labelled = usaddress.parse(text)
    labels = [label for _, label in labelled]
    present = (
        bool(_NUMBERS.intersection(labels)),
        bool(_STREET_NAMES.intersection(labels)),
        _CITY in labels,
        _STATE in labels,
        _POSTCODE in labels,
    )
    words = [word for word, _ in labelled]
    for place in range(len(words) - 1):
        begins_city = labels[place + 1] == _CITY and labels[place] != _CITY
        ends_city = labels[place] == _CITY and labels[place + 1] == _STATE
        if (begins_city or ends_city) and not words[place].endswith(","):
            words[place] += ","
        if labels[place] == _STATE and labels[place + 1] == _POSTCODE:
            words[place] = words[place].rstrip(",.")
    return Normalised(" ".join(words).strip(" ,"), _BY_PARTS[sum(present)], repaired=repaired)
