"""People's names, as "First M. Last", with what a clinician has behind the name."""

import re

from nameparser import HumanName

from shared.reading.extraction.normalised import REPAIRED, Normalised

# fmt: off
_WRITTEN = (
    "MD", "DO", "NP", "PA", "PA-C", "RN", "LPN", "LVN", "APRN", "ARNP", "CRNP", "FNP", "FNP-C", "FNP-BC",
    "AGNP", "DNP", "CNP", "CNM", "CNS", "CRNA", "MSN", "BSN", "MSW", "LCSW", "PhD", "PharmD", "PsyD", "DPM",
    "DDS", "DMD", "DC", "OD", "MPH", "MBBS", "FACP", "FAAFP", "RPh", "CHPN",
)
# fmt: on
_CREDENTIALS = {re.sub(r"\W", "", written).upper(): written for written in _WRITTEN}
_LAST_WORD = re.compile(r"[\s,]+\(?([A-Za-z0][A-Za-z0.\-]{0,8})\)?\s*$")
_SPACED_CREDENTIAL = re.compile(r"\b([MD])\.?\s([DO0])\.?\s*$")  # "M. D."
_RELATION = re.compile(
    r"\s*[-–/(,]\s*\(?(?:spouse|wife|husband|partner|son|daughter|mother|father|brother|sister|sibling|parent|niece|"
    r"nephew|friend|neighbou?r|guardian|self|poa|hcpoa|dpoa|[a-z]+-in-law|grand[a-z]+)\)?\s*$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^[^:]{0,40}:\s*")
_LETTER_FOR = str.maketrans({"0": "o", "1": "l", "|": "l", "5": "s", "8": "B", "!": "l"})
_CAPITAL_FOR = str.maketrans({"0": "O", "1": "I", "|": "I", "5": "S", "8": "B", "!": "I"})
_COMMA_AS_POINT = re.compile(r"^([A-Z][\w'’-]{3,})\.\s*(?=[A-Z][\w'’-])")
_PARTICLES = frozenset(
    {"al", "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "la", "las", "le", "los", "mac"}
    | {"san", "santa", "st", "ter", "van", "vel", "von", "y"}
)
_SENTENCE = frozenset(
    {"and", "as", "at", "by", "date", "for", "from", "has", "in", "is", "n/a", "no", "none", "not", "of", "or", "per"}
    | {"phone", "please", "print", "same", "see", "signature", "the", "this", "to", "unknown", "was", "with", "yes"}
    | {"above", "address", "birth", "contact", "name", "number", "patient", "physician", "provider", "relationship"}
)
_ORGANISATION = frozenset(
    {"associates", "care", "center", "clinic", "group", "health", "healthcare", "home", "hospice", "hospital", "inc"}
    | {"insurance", "lab", "laboratories", "laboratory", "llc", "medical", "medicare", "pharmacy", "plan", "services"}
)
_LONGEST = 6  # words
_WHOLE, _PART, _OFFICE = 0.95, 0.5, 0.3  # plausibility: first and last name, one name, words that offices bear


def person(text: str) -> Normalised | None:
    """ "First M. Last", and credentials: "Helen Marchetti, MD"; None where it is no name."""
    bare = _RELATION.sub("", _LABEL.sub("", text)).strip(" :;_|-–—•.,")
    bare = re.sub(r",(?=\S)", ", ", bare)
    bare, credentials = _without_credentials(bare)
    lettered = _letters(bare)
    if lettered is None or not _is_name(lettered):
        return None
    pointed = _COMMA_AS_POINT.sub(r"\1, ", lettered) if "," not in lettered else lettered
    name = HumanName(pointed)
    cased = pointed.isupper() or pointed.islower()
    parts = [
        _in_case(name.first, cased),
        f"{name.middle[0].upper()}." if name.middle else "",
        _in_case(name.last, cased),
        _generation(name.suffix),
    ]
    whole = " ".join(part for part in parts if part)
    if not whole:
        return None
    sure = _plausibility(pointed, name)
    repaired = lettered != bare or pointed != lettered
    return Normalised(", ".join([whole, *credentials]), min(sure, REPAIRED) if repaired else sure, repaired=repaired)


def _without_credentials(text: str) -> tuple[str, list[str]]:
    """The name without what stands behind it ("MSN, FNP-C"), and that."""
    text = _SPACED_CREDENTIAL.sub(r"\1\2", text)
    found: list[str] = []
    while last := _LAST_WORD.search(text):
        written = _CREDENTIALS.get(re.sub(r"\W", "", last[1]).upper().replace("0", "O"))
        rest = text[: last.start()].rstrip(" ,")
        # "An Do" is a name: without a comma, a credential stands in capitals behind two names at least.
        told = "," in last[0] or found or (last[1][:2].isupper() and (len(rest.split()) > 1 or "." in last[1]))
        if written is None or not told or not rest or (rest.isupper() and "," in last[0] and " " not in rest):
            break
        found.insert(0, written)
        text = rest
    return text, found


def _letters(text: str) -> str | None:
    """`text` with letters for the digits that OCR saw in its words; None where a number stands among them."""
    words = []
    for word in text.split(" "):
        misread = sum(character.isdigit() or character in "|!" for character in word)
        letters = sum(character.isalpha() for character in word)
        if misread and (misread > 2 or letters < 2 * misread):
            return None
        rest = [character for character in word if character.isalpha()]
        table = _CAPITAL_FOR if rest and all(character.isupper() for character in rest[:2]) else _LETTER_FOR
        words.append(word[:1].translate(_CAPITAL_FOR) + word[1:].translate(table))
    return " ".join(words)


def _is_name(text: str) -> bool:
    words = [word.strip(".,()'’\"").lower() for word in text.split()]
    if not 1 <= len(words) <= _LONGEST or not re.search(r"[^\W\d_]{2}", text) or re.search(r"[^\w\s.,'’()\"\-]", text):
        return False
    if not _SENTENCE.isdisjoint(words):
        return False
    small = sum(word[:1].islower() and word.strip(".,").lower() not in _PARTICLES for word in text.split())
    return small == 0 or (text.islower() and len(words) <= 3) or small * 3 <= len(words)


def _plausibility(text: str, name: HumanName) -> float:
    if not _ORGANISATION.isdisjoint(re.findall(r"[a-z]+", text.lower())):
        return _OFFICE
    return _WHOLE if name.first and name.last else _PART


def _generation(suffix: str) -> str:
    if suffix.strip(".").upper() in {"JR", "SR"}:
        return f"{suffix[:1].upper()}r."
    return suffix.upper() if re.fullmatch(r"[IVXivx]+", suffix) else suffix


def _in_case(name: str, cased: bool) -> str:
    return " ".join(map(_word_in_case, name.split())) if cased else name


def _word_in_case(word: str) -> str:
    """ "O'BRIEN", "MCDONALD" and "SMITH-JONES" as their bearers write them; particles small."""
    if word.lower() in _PARTICLES:
        return word.lower()
    titled = re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)
    titled = re.sub(r"(?<=['’])S\b", "s", titled)
    return re.sub(r"\bMc([a-z])", lambda found: f"Mc{found[1].upper()}", titled)
