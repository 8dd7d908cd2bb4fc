"""ICD-10-CM codes on paper, and whether they stand for the diagnosis printed beside them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from rapidfuzz import fuzz

from shared.reading.extraction import icd10cm
from shared.reading.extraction.normalised import KEPT, REPAIRED, Normalised
from shared.reading.extraction.repair import CONFUSED, DIGITS, LETTERS, mended
from shared.reading.extraction.repair import capitals as in_capitals

_ANY = DIGITS | LETTERS
_GRAMMAR = (LETTERS, DIGITS | {"A"}, _ANY, _ANY, _ANY, _ANY, _ANY)  # of the first as many as the code has
_CHARACTER = r"[A-Z0-9|!]"
_POINT = r"(?: ?[.·•](?: (?=[0-9]|[A-Z]$))?|,(?=[0-9O|]))"  # but "I10, E11" are two codes
_FOUND = re.compile(
    rf"(?<![A-Z0-9.])({_CHARACTER}) ?({_CHARACTER}{{2}}){_POINT}({_CHARACTER}{{1,4}})(?![A-Z0-9])"
    rf"|(?<![A-Z0-9.])({_CHARACTER})({_CHARACTER}{{2}})({_CHARACTER}{{0,4}})(?![A-Z0-9])"
)
_POINT_LOST = re.compile(
    rf"^({_CHARACTER}{{3}})[ \-:;'](\d{{1,3}}[A-Z]?)$"
)  # "C34 90": where nothing else stands there
_TRAILING = re.compile(
    r"[\s(\[\-–—:,]*\(?\b[A-TV-Z|][0-9OIlSBZ|][0-9A-Za-z](?:\s?[.,]\s?[0-9A-Za-z]{1,4}|[0-9A-Z]{0,4})\b\)?\]?[\s.,;]*$"
)
_TRAILING_NUMBER = re.compile(
    r"[\s(\[\-–—:,]+\b([0-9]{3}(?:[.,][0-9A-Za-z]{1,4})?)\b\)?\]?[\s.,;]*$"
)  # "Atherosclerosis 167.2"
_BEFORE = re.compile(r"^\s*(?:\(?\d{1,2}[.)]\s+|[a-l][.)]\s+|(?:diagnosis|dx)\s*(?:code)?\s*[:#]\s*)*", re.IGNORECASE)
_LEADING = re.compile(
    r"^\s*[(\[]?[A-TV-Z|1][0-9OIlSBZ|][0-9A-Za-z](?:\s?[.,]\s?[0-9A-Za-z]{1,4}|[0-9A-Z]{0,4})\b[)\]]?[\s\-–—:,)]+(?=[A-Za-z]{2})"
)
_CATEGORY = 0.95  # plausibility of a code that others refine: claims bear none, but letters do
_MENDED_CATEGORY = 0.5  # of such a code with a misread letter: "530.81" is rather an old ICD-9 code than S30.81
_MENDED_POINT = 0.95  # of a code whose point was read as something else
_AGREES, _DISAGREES = 0.6, 0.2  # likeness of a description to a code's own, above and below which it counts
_CLEARLY = 0.25  # by so much the likest of several codes is liker than the next
_DESCRIBED = 0.9  # plausibility of a diagnosis in words
_RAISED, _LOWERED = 0.97, 0.7  # plausibility at least where the description agrees; its share left where it does not

_ABBREVIATIONS = {
    "afib": "atrial fibrillation",
    "aki": "acute kidney failure injury",
    "als": "amyotrophic lateral sclerosis",
    "bph": "benign prostatic hyperplasia",
    "ca": "malignant neoplasm",
    "cad": "coronary artery atherosclerotic heart disease",
    "cancer": "malignant neoplasm",
    "chf": "congestive heart failure",
    "ckd": "chronic kidney disease",
    "copd": "chronic obstructive pulmonary disease",
    "cva": "cerebral infarction stroke",
    "dm": "diabetes mellitus",
    "dm1": "type 1 diabetes mellitus",
    "dm2": "type 2 diabetes mellitus",
    "dvt": "deep vein thrombosis embolism",
    "esrd": "end stage renal disease",
    "gerd": "gastro esophageal reflux disease",
    "hfref": "systolic heart failure",
    "hfpef": "diastolic heart failure",
    "hld": "hyperlipidemia",
    "htn": "hypertension hypertensive",
    "mi": "myocardial infarction",
    "ms": "multiple sclerosis",
    "oa": "osteoarthritis",
    "pe": "pulmonary embolism",
    "pvd": "peripheral vascular disease",
    "ra": "rheumatoid arthritis",
    "t1dm": "type 1 diabetes mellitus",
    "t2dm": "type 2 diabetes mellitus",
    "tia": "transient cerebral ischemic attack",
    "uti": "urinary tract infection",
}
_SAYS_NOTHING = frozenset(
    {
        "a",
        "an",
        "and",
        "by",
        "due",
        "for",
        "in",
        "nos",
        "not",
        "of",
        "on",
        "or",
        "other",
        "specified",
        "the",
        "to",
        "unsp",
        "unspecified",
        "w",
        "with",
        "without",
        "wo",
    }
)


def icd10(text: str) -> Normalised | None:
    """The surest ICD-10-CM code in `text`."""
    return max(_codes_in(text), key=lambda code: code.plausibility, default=None)


def icd10_list(text: str) -> Normalised | None:
    """Every ICD-10-CM code in `text`, as plausible as the least of them."""
    codes = list(_codes_in(text))
    if not codes:
        return None
    values = tuple(dict.fromkeys(str(code.value) for code in codes))
    return Normalised(
        values,
        min(code.plausibility for code in codes),
        repaired=any(code.repaired for code in codes),
        ambiguous=any(code.ambiguous for code in codes),
    )


def resolve_icd10(text: str, description: str) -> Normalised | None:
    """The code in `text`, chosen and judged by the diagnosis printed beside it."""
    code = icd10(text)
    if code is None or code.plausibility == KEPT:
        return code
    ranked = sorted(
        ((agreement(str(value), description), value) for value in (code.value, *code.alternatives)),
        key=lambda pair: -pair[0],
    )
    best, value = ranked[0]
    if best >= _AGREES and (len(ranked) == 1 or best - ranked[1][0] >= _CLEARLY):
        others = tuple(other for _, other in ranked[1:])
        changed = code.repaired or value != code.value
        return Normalised(value, max(code.plausibility, _RAISED), repaired=changed, alternatives=others)
    if best <= _DISAGREES and _words(description):
        return replace(code, plausibility=round(code.plausibility * _LOWERED, 3))
    return code


def agreement(code: str, description: str) -> float:
    """How well `description` (abbreviated and misread as it may be) is what `code` stands for: 0..1."""
    printed = _words(description)
    return max((_alike(printed, _words(term)) for term in icd10cm.terms(code)), default=0.0) if printed else 0.0


def diagnosis(text: str) -> Normalised | None:
    """The diagnosis without its number and the code before or behind it, more plausible where that stands for it."""
    described, _, code = split_trailing_icd10(_BEFORE.sub("", text))
    while split_trailing_icd10(described)[2] is not None:
        described = split_trailing_icd10(described)[0]
    leading = _LEADING.match(described)
    first = icd10(leading[0]) if leading else None
    if leading and first and first.plausibility > KEPT:
        described, code = described[leading.end() :], first
    value = described.strip(" :;_|-–—•*,")
    if not re.search(r"[A-Za-z]{2}", value):
        return None
    agreeing = code is not None and agreement(str(code.value), value) >= _AGREES
    return Normalised(re.sub(r"(?<=[A-Za-z]),(?=[A-Za-z])", ", ", value), _RAISED if agreeing else _DESCRIBED)


def split_trailing_icd10(text: str) -> tuple[str, str, Normalised | None]:
    """What precedes a code at the end of `text`, the code as printed, and the code; or all of it, and none."""
    if (found := _TRAILING.search(text)) and (code := icd10(found[0])):
        return text[: found.start()], found[0], code
    if (number := _TRAILING_NUMBER.search(text)) and (code := _misread_number(number[1], text[: number.start()])):
        return text[: number.start()], number[0], code
    return text, "", None


def _misread_number(printed: str, described: str) -> Normalised | None:
    """The code whose letter was read as a digit, where it stands for the diagnosis beside it: "Hypertension 110"."""
    codes = [
        _pointed(f"{letter}{printed[1:3]}{printed[4:]}") for letter in CONFUSED.get(printed[0], ()) if letter in LETTERS
    ]
    agreeing = [code for code in codes if agreement(code, described) >= _AGREES]
    return Normalised(agreeing[0], REPAIRED, repaired=True) if len(agreeing) == 1 else None


def _codes_in(text: str) -> Iterator[Normalised]:
    if not any(character.isdigit() for character in text):
        return
    whole = in_capitals(text.strip(" ()[]"))
    for found in _FOUND.finditer(_POINT_LOST.sub(r"\1,\2", whole)):
        head, tail = (found[1] or found[4]) + (found[2] or found[5]), found[3] or found[6] or ""
        code = _icd10(head, tail, pointed=found[3] is not None)
        if code and found[3] and "." not in found[0]:
            code = replace(code, plausibility=min(code.plausibility, _MENDED_POINT), repaired=True)
        if code:
            yield code


def _icd10(head: str, tail: str, *, pointed: bool) -> Normalised | None:
    raw = head + tail
    if DIGITS.isdisjoint(raw) or (not pointed and raw.isdigit()):
        return None  # "SEE" and "150" are no codes with something misread
    found = mended(raw, _GRAMMAR[: len(raw)], icd10cm.is_code)
    if found is None:
        shaped = pointed and head[0] in LETTERS and head[1] in DIGITS and raw.isalnum()
        return Normalised(_pointed(raw), KEPT) if shaped else None
    value = _pointed(str(found.value))
    category = _MENDED_CATEGORY if found.repaired else _CATEGORY
    sure = found.plausibility if icd10cm.is_billable(value) else min(found.plausibility, category)
    others = tuple(_pointed(str(other)) for other in found.alternatives)
    return Normalised(value, sure, found.repaired, found.ambiguous, others)


def _pointed(code: str) -> str:
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


def _words(text: str) -> list[str]:
    spelled = (_ABBREVIATIONS.get(word, word) for word in re.findall(r"[a-z0-9]+", text.lower()))
    words = [word for phrase in spelled for word in phrase.split() if word not in _SAYS_NOTHING]
    return list(dict.fromkeys(words))


def _alike(printed: list[str], term: list[str]) -> float:
    """The share of words in common, those of the shorter text counting twice those of the longer."""
    if not printed or not term:
        return 0.0
    score = [max(_same(word, other) for other in term) for word in printed]
    back = [max(_same(word, other) for other in printed) for word in term]
    shares = sorted((sum(score) / len(score), sum(back) / len(back)))
    return (shares[0] + 2 * shares[1]) / 3


def _same(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if min(len(word), len(other)) < 4:
        return 0.0
    likeness = fuzz.ratio(word, other) / 100
    return likeness if likeness >= 0.75 else 0.0
