"""What a text is worth as a value of some kind: its normal form and how plausible it is, or nothing."""

import re
from collections.abc import Callable, Mapping, Sequence

import phonenumbers
from nameparser import HumanName

from shared.reading.extraction import codes
from shared.reading.extraction.codes import Normalised
from shared.reading.extraction.dates import parse_date
from shared.templates import Choice, Kind
from shared.templates.phrases import likeness, plain

STRONG = frozenset({Kind.DATE, Kind.BIRTH_DATE, Kind.PHONE, Kind.ICD10, Kind.NPI, Kind.MEDICARE, Kind.LAST_FOUR})
"""Kinds whose values show by themselves what they are."""

_REGION = "US"  # of telephone numbers without a country
_NONE_WORDS = {
    "none",
    "none known",
    "nka",
    "nkda",
    "nkfa",
    "no known allergies",
    "no known drug allergies",
    "n/a",
    "na",
    "no known",
    "denies",
    "nil",
    "no",
    "not applicable",
}
_BETWEEN_ITEMS = re.compile(r"\s*(?:[,;•\n]|\s/\s|\band\b)\s*", re.IGNORECASE)
_CREDENTIAL = re.compile(
    r"\b(M\.?\s?D|D\.?\s?[O0]|N\.?P|P\.?A|R\.?N|A\.?P\.?R\.?N|F\.?N\.?P|PA-C|DNP)\.?\s*$", re.IGNORECASE
)
_LETTER_FOR = str.maketrans({"0": "O", "1": "l", "|": "l", "5": "S", "8": "B"})
_LONGEST_NAME = 6  # words
_NOT_TEXT = re.compile(r"^[\W_]*$")


def normalise(text: str, kind: Kind, choices: Sequence[Choice] = ()) -> Normalised | None:
    """`text` as a value of `kind`, None when it cannot be one."""
    text = text.strip().strip("_").strip()
    if _NOT_TEXT.match(text):
        return None
    if kind is Kind.CHOICE:
        return _choice(text, choices)
    return _READERS[kind](text)


def _tidy(text: str) -> str:
    """Without what surrounds a text, and with a space after each comma that OCR closed up."""
    return re.sub(r"(?<=[A-Za-z]),(?=[A-Za-z])", ", ", text.strip(" :;_|-–—•"))


def _phone(text: str) -> Normalised | None:
    digits_only = text.replace("O", "0").replace("l", "1")
    for candidate, certainty in ((text, 1.0), (digits_only, 0.8)):
        for match in phonenumbers.PhoneNumberMatcher(candidate, _REGION, leniency=phonenumbers.Leniency.POSSIBLE):
            known = phonenumbers.is_valid_number(match.number)
            number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            if len(number) == len("+12165550100"):
                return Normalised(number, certainty * (1.0 if known else 0.9))
    return None


def _person(text: str) -> Normalised | None:
    """ "First M. Last", with what a doctor has behind the name: "Helen Marchetti, MD"."""
    text = _tidy(text)
    credential = _CREDENTIAL.search(text)
    bare = text[: credential.start()].rstrip(" ,") if credential else text
    if len(bare.split()) > _LONGEST_NAME or sum(character.isdigit() for character in bare) > 1:
        return None
    name = HumanName(bare.translate(_LETTER_FOR))
    name.capitalize(force=bare.isupper() or bare.islower())
    initial = f"{name.middle[0].upper()}." if name.middle else ""
    parts = [part for part in (name.first, initial, name.last, name.suffix) if part]
    if not parts or not re.search(r"[A-Za-z]{2}", bare):
        return None
    ending = f", {re.sub('[^A-Z-]', '', credential[1].upper().replace('0', 'O'))}" if credential else ""
    return Normalised(" ".join(parts) + ending, 0.95 if name.first and name.last else 0.5)


def _choice(text: str, choices: Sequence[Choice]) -> Normalised | None:
    """The choice whose print is most like `text`, or like its beginning."""
    read = plain(text)
    best: tuple[float, int, Choice] | None = None
    for choice in choices:
        for printed in map(plain, choice.printed):
            score = likeness(read, printed)
            if not score and f"{read} ".startswith(f"{printed} "):
                score = 0.9
            if score and (best is None or (score, len(printed)) > best[:2]):
                best = (score, len(printed), choice)
    return Normalised(best[2].value, best[0]) if best else None


def _list(text: str) -> Normalised | None:
    items = [_tidy(item) for item in _BETWEEN_ITEMS.split(text)]
    kept = tuple(item for item in items if item and not _NOT_TEXT.match(item))
    if not kept:
        return None
    if all(plain(item) in _NONE_WORDS for item in kept):
        return Normalised((), 0.95)
    return Normalised(kept, 0.9)


def _text(text: str) -> Normalised | None:
    return Normalised(_tidy(text), 0.9)


def _address(text: str) -> Normalised | None:
    tidy = re.sub(r"(?<=\d)(?=[A-Z][a-z])", " ", _tidy(text))  # "418Larkspur"
    tidy = re.sub(r"\b0(?=[a-z]{2}|[A-Z]\b)", "O", tidy)  # "0ld Mill Road", "0H"
    return Normalised(tidy, 0.95 if re.search(r"\d", tidy) else 0.5)


def _birth_date(text: str) -> Normalised | None:
    return parse_date(text, birth=True)


def _seen_not_read(_text: str) -> Normalised | None:
    return None


_READERS: Mapping[Kind, Callable[[str], Normalised | None]] = {
    Kind.TEXT: _text,
    Kind.ADDRESS: _address,
    Kind.PERSON: _person,
    Kind.LIST: _list,
    Kind.DATE: parse_date,
    Kind.BIRTH_DATE: _birth_date,
    Kind.PHONE: _phone,
    Kind.AGE: codes.age,
    Kind.IDENTIFIER: codes.identifier,
    Kind.LAST_FOUR: codes.last_four,
    Kind.ICD10: codes.icd10,
    Kind.NPI: codes.npi,
    Kind.MEDICARE: codes.medicare,
    Kind.PRESENCE: _seen_not_read,
}
