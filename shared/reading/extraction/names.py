"""People's names, as "First M. Last", with what a clinician has behind the name."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from shared.reading.extraction.normalised import REPAIRED, UNREAD, Normalised

if TYPE_CHECKING:
    from nameparser import HumanName

# fmt: off
_WRITTEN = (
    "MD", "DO", "NP", "PA", "PA-C", "RN", "LPN", "LVN", "APRN", "ARNP", "CRNP", "FNP", "FNP-C", "FNP-BC",
    "AGNP", "AGPCNP-BC", "ANP", "ANP-BC", "ACNP", "DNP", "CNP", "CNM", "CNS", "CRNA", "MSN", "BSN", "MSW", "LCSW",
    "LICSW", "PhD", "PharmD", "PsyD", "DPM", "DDS", "DMD", "DC", "OD", "MPH", "MBBS", "MBA", "FACP", "FACS", "FACC",
    "FAAFP", "FAAHPM", "RPh", "CHPN", "ACHPN", "CMA", "RMA", "CNA", "RD", "PT", "DPT", "OTR", "SLP", "ESQ",
)
# fmt: on
_CREDENTIALS = {re.sub(r"\W", "", written).upper(): written for written in _WRITTEN}
_LAST_WORD = re.compile(r"[\s,]+\(?([A-Za-z0][A-Za-z0.\-]{0,10})\)?\s*$")
_SPACED_CREDENTIAL = re.compile(r"\b([MD])\.?\s([DO0])\.?(?=\s*(?:$|[,;(]))")  # "M. D."
_PARTS = re.compile(r"\s*[,;|(]\s*|\s+[-–—/]\s*|\s*/\s+")
_SIGNED = re.compile(
    r"^\s*(?:/\s?s\s?/|(?:electronically|digitally)?\s*\b(?:e-?)?(?:signed|attested|authenticated)(?:\s+by)?\b)[:\s]*",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^[^:]{0,40}:\s*")
_NUMBER_BEHIND = re.compile(
    r"[\s,;(/\-–]+(?:\b(?:on|at|dob|d\.o\.b|npi|ph|phone|tel|cell|fax|lic|mrn|date)\b[\s.:#]*)*\(?\d[\d\s()./:\-]{5,}.*$",
    re.IGNORECASE,
)
_REMARK = re.compile(r"\s*\(([^()]*)\)?\s*$")
_NEAR_KIN = "son|daughter|mother|father|brother|sister|child|parent"
_KIN = (
    rf"(?:(?:step-?|(?:great-)?grand-?)?(?:{_NEAR_KIN})|spouse|wife|husband|partner|sibling|niece|nephew|aunt|uncle|cousin|"
    r"friend|neighbou?r|guardian|caregiver|self|poa|hcpoa|dpoa|proxy|[a-z]+-in-law)"
)
_RELATION = re.compile(rf"\s*([-–—/(,;])\s*\(?{_KIN}\)?\s*$", re.IGNORECASE)
_ONLY_KIN = re.compile(_KIN, re.IGNORECASE)
_TITLE_BEHIND = re.compile(r"[\s,]+(?:Dr|Mr|Mrs|Ms|Miss)\.?$", re.IGNORECASE)
_GENERATION_BETWEEN = re.compile(r"^([^,]+),\s*(Jr|Sr|II|III|IV)\.?,\s*(?=\w)", re.IGNORECASE)
_GENERATION_MISREAD = re.compile(r"(?<=\s)(?:[Il|1]{2,3}|[l1|]V)$")
_CLOSED_UP = re.compile(r"\b([A-Z][a-z']{2,})(?=[A-Z][a-z])|(?<=[A-Z]\.)(?=[A-Z][a-z])")
_CREDENTIAL_CLOSED_UP = re.compile(r"(?<=[a-z]{2})(?=(?:MD|DO|NP|RN)$)")
_LETTER_FOR = str.maketrans({"0": "o", "1": "l", "|": "l", "5": "s", "8": "B", "!": "l"})
_CAPITAL_FOR = str.maketrans({"0": "O", "1": "I", "|": "I", "5": "S", "8": "B", "!": "I"})
_COMMA_AS_POINT = re.compile(r"^([A-Z][\w'-]{3,})\.\s*(?=[A-Z][\w'-])")
_TORN = re.compile(r"\b([A-Z][a-z]{2,}) ([a-z]{2,})(?![\w'])")
_LETTERS_OF_WORD = re.compile(rf"(?:[^\W\d_]|{re.escape(UNREAD)})+")
_UNREAD_LETTER = re.compile(rf"(?<=\w){re.escape(UNREAD)}(?=\w)")  # behind a word it is a question's
_PARTICLES = frozenset(
    {"al", "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "la", "las", "le", "los", "mac"}
    | {"san", "santa", "st", "ter", "van", "vel", "von", "y"}
)
_SMALL = _PARTICLES - {"mac", "san", "santa", "st", "le"}  # the others are seldom written small
_SENTENCE = frozenset(
    {"and", "as", "at", "by", "date", "for", "from", "has", "in", "is", "n/a", "no", "none", "not", "of", "or", "per"}
    | {"phone", "please", "print", "same", "see", "signature", "the", "this", "to", "unknown", "was", "with", "yes"}
    | {"above", "address", "birth", "contact", "name", "number", "patient", "physician", "provider", "relationship"}
    | {"dob", "email", "fax", "gender", "mrn", "npi", "refused", "declined", "self", "ssn", "tel", "unable", "zip"}
)
_ORGANISATION = frozenset(
    {"associates", "care", "center", "clinic", "group", "health", "healthcare", "home", "hospice", "hospital", "inc"}
    | {"insurance", "lab", "laboratories", "laboratory", "llc", "medical", "medicare", "pharmacy", "plan", "services"}
)
_LONGEST = 6  # words
_WHOLE, _PART, _OFFICE = 0.95, 0.5, 0.3  # plausibility: first and last name, one name, words that offices bear
_REMEMBERED = 4096  # texts: the same words are tried for several fields, and parsing one takes 0.3 ms


@lru_cache(_REMEMBERED)
def person(text: str) -> Normalised | None:
    """ "First M. Last", and credentials: "Helen Marchetti, MD"; None where it is no name."""
    printed, credentials = _without_credentials(_bare(text))
    lettered = _letters(printed)
    if lettered is None or not _is_name(joined := _TORN.sub(_joined, lettered)):
        return None
    mended = _mended(joined)
    name = _parsed(_GENERATION_BETWEEN.sub(r"\1 \2, ", mended))
    cased = mended.isupper() or mended.islower()
    parts = [
        _in_case(name.first, cased),
        f"{name.middle[0].upper()}." if name.middle else "",
        _in_case(name.last, cased),
        _generation(name.suffix),
    ]
    whole = " ".join(part for part in parts if part)
    if not whole:
        return None
    sure = _plausibility(mended, name)
    repaired = mended != printed
    return Normalised(", ".join([whole, *credentials]), min(sure, REPAIRED) if repaired else sure, repaired=repaired)


def _bare(text: str) -> str:
    """The name and what belongs to it, without what forms print before it or on the same line behind it."""
    text = " ".join(re.sub("[’‘`]", "'", text).split())
    named = _NUMBER_BEHIND.sub("", text)
    bare = _SIGNED.sub("", _LABEL.sub("", named if len(named.split()) > 1 else text))
    bare = re.sub(r",(?=\S)", ", ", bare.strip(" :;_|-–—•.,"))
    while (remark := _REMARK.search(bare)) and _compact(remark[1]) not in _CREDENTIALS:
        bare = bare[: remark.start()]
    bare = _TITLE_BEHIND.sub("", _without_relation(bare)).strip(" :;_|-–—•.,")
    return _CREDENTIAL_CLOSED_UP.sub(", ", bare)


def _without_relation(text: str) -> str:
    """Without "- Daughter" or "(spouse)"; but "Nguyen, Son" is a name."""
    found = _RELATION.search(text)
    if found is None or (found[1] == "," and len(text[: found.start()].split()) < 2):
        return text
    return text[: found.start()]


def _mended(lettered: str) -> str:
    """The name with the spaces and the comma that OCR lost."""
    spaced = _GENERATION_MISREAD.sub(lambda found: re.sub(r"[l|1]", "I", found[0]), _CLOSED_UP.sub(_parted, lettered))
    return _COMMA_AS_POINT.sub(r"\1, ", spaced) if "," not in spaced else spaced


def _joined(found: re.Match[str]) -> str:
    """ "Svet lana" is one name, "Maria de" and "Ann and" are none."""
    apart = found[2] in _PARTICLES | _SENTENCE or _ONLY_KIN.fullmatch(found[2]) is not None
    return found[0] if apart else f"{found[1]}{found[2]}"


def _parted(found: re.Match[str]) -> str:
    """ "StephenBauer" is two names, "MacArthur" one."""
    whole = found[1] is not None and found[1].lower() in _PARTICLES | {"fitz", "vander", "saint"}
    return found[0] if whole else f"{found[0]} "


def _parsed(text: str) -> "HumanName":
    from nameparser import HumanName  # not before a document is read: its tables take 0.1 s

    return HumanName(text)


def _without_credentials(text: str) -> tuple[str, list[str]]:
    """The name without what stands behind it ("MSN, FNP-C"), and that."""
    text = _until_credentials(_SPACED_CREDENTIAL.sub(r"\1\2", text))
    found: list[str] = []
    while last := _LAST_WORD.search(text):
        written = _CREDENTIALS.get(_compact(last[1]))
        rest = text[: last.start()].rstrip(" ,")
        # "An Do" is a name: without a comma, a credential stands in capitals behind two names at least.
        told = "," in last[0] or found or (last[1][:2].isupper() and (len(rest.split()) > 1 or "." in last[1]))
        forename = written == "DO" and rest.isupper() and " " not in rest  # "LEE, DO"
        if written is None or not told or not rest or forename:
            break
        found.insert(0, written)
        text = rest
    return text, found


def _until_credentials(text: str) -> str:
    """Without what follows the credentials: "Ann Lee, MD, Medical Director"."""
    for gap in reversed(list(_PARTS.finditer(text))):
        before = text[: gap.start()].split()
        if len(before) > 2 and before[-1][:2].isupper() and _compact(before[-1]) in _CREDENTIALS:
            behind = re.split(r"[\s,]+", text[gap.end() :].strip(" )"))
            return text if all(_compact(word) in _CREDENTIALS for word in behind) else text[: gap.start()]
    return text


def _compact(word: str) -> str:
    return re.sub(r"\W", "", word).upper().replace("0", "O")


def _letters(text: str) -> str | None:
    """`text` with letters for the digits that OCR saw in its words; None where a number stands among them."""
    words = []
    for word in text.split():
        misread = sum(character.isdigit() or character in "|!" for character in word)
        letters = sum(character.isalpha() for character in word)
        if misread and (misread > 2 or letters < 2 * misread) and not _GENERATION_MISREAD.search(f" {word}"):
            return None
        rest = [character for character in word if character.isalpha()]
        table = _CAPITAL_FOR if all(character.isupper() for character in rest[:2]) else _LETTER_FOR
        words.append(word[:1].translate(_CAPITAL_FOR) + word[1:].translate(table))
    lettered = " ".join(words)
    return None if any(character.isdigit() for character in lettered) else lettered


def _is_name(text: str) -> bool:
    text = _UNREAD_LETTER.sub("x", text)
    words = [word.strip(".,()'’\"").lower() for word in text.split()]
    if not 1 <= len(words) <= _LONGEST or not re.search(r"[^\W\d_]{2}", text) or re.search(r"[^\w\s.,'()\"\-]", text):
        return False
    if not _SENTENCE.isdisjoint(words) or (len(words) == 1 and _ONLY_KIN.fullmatch(words[0])):
        return False
    small = sum(word[:1].islower() and word.strip(".,").lower() not in _PARTICLES for word in text.split())
    return small == 0 or (text.islower() and len(words) <= 3) or small * 3 <= len(words)


def _plausibility(text: str, name: "HumanName") -> float:
    if not _ORGANISATION.isdisjoint(re.findall(r"[a-z]+", text.lower())):
        return _OFFICE
    return _WHOLE if name.first and name.last else _PART


def _generation(suffix: str) -> str:
    if suffix.strip(".").upper() in {"JR", "SR"}:
        return f"{suffix[:1].upper()}{suffix[1:2].lower()}."
    return suffix.upper() if re.fullmatch(r"[IVXivx]+", suffix) else suffix


def _in_case(name: str, cased: bool) -> str:
    return " ".join(_word_in_case(word) if cased or _shouted(word) else word for word in name.split())


def _shouted(word: str) -> bool:
    """Whether a word is in capitals among others that are not ("SMITH, John"), and no initials."""
    return word.isupper() and len(re.findall(r"[^\W\d_]", word)) > 2


def _word_in_case(word: str) -> str:
    """ "O'BRIEN", "MCDONALD" and "SMITH-JONES" as their bearers write them; particles small."""
    if word.lower() in _SMALL:
        return word.lower()
    titled = _LETTERS_OF_WORD.sub(lambda part: part[0].capitalize(), word)
    titled = re.sub(r"(?<=')S\b", "s", titled)
    return re.sub(r"\bMc([a-z])", lambda found: f"Mc{found[1].upper()}", titled)
