"""Templates: named, checked, and told from a document's words."""

import pytest
from pydantic import ValidationError

from shared.documents import Box, Page, TextLine, box_polygon
from shared.templates import Template, choose_template, load_builtin, template_named
from shared.templates.errors import TemplateUnknown
from shared.templates.phrases import Labels, Texts, likeness, plain


def page(*texts: str) -> Page:
    lines = tuple(
        TextLine(text, 0.99, box_polygon(Box(100, 100 + 50 * number, 900, 130 + 50 * number)))
        for number, text in enumerate(texts)
    )
    return Page(1, 1700, 2200, 200, 0, 0.0, lines)


def test_hospice_is_short_for_hospice_admission() -> None:
    assert template_named("hospice") is template_named("hospice_admission")


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(TemplateUnknown, match="'hospice_admission'"):
        template_named("hospice_admision")


@pytest.mark.parametrize("template", load_builtin(), ids=lambda template: template.name)
def test_every_field_has_one_name_and_a_way_to_be_found(template: Template) -> None:
    names = [field.name for field in template.fields]
    tables = {table.name for table in template.tables}

    assert len(names) == len(set(names))
    assert [field.name for field in template.fields if not field.labels and field.name not in tables] == []


def test_a_template_with_a_field_of_no_known_kind_is_refused() -> None:
    with pytest.raises(ValidationError, match="kind"):
        Template.model_validate(
            {
                "name": "x",
                "version": 1,
                "title": "X",
                "headings": [],
                "fields": [{"name": "a", "title": "A", "kind": "?"}],
            },
            strict=False,
        )


def test_a_document_is_told_by_what_it_calls_itself_and_its_labels() -> None:
    labels = ["Patient:", "DOB:", "MRN:", "Level of care:", "Election date:", "Attending physician:", "NPI:", "Payer:"]
    choice = choose_template("auto", [page("Lantern Bay", "HOSPICE ADMISSION FACE SHEET", *labels)])

    assert choice.document_type == "hospice_admission"
    assert choice.confidence > 0.6


@pytest.mark.parametrize(
    "texts",
    [
        ("Grocery", "Milk 2.10", "Total 2.10"),
        ("COMPREHENSIVE METABOLIC PANEL", "Patient: Ann Lee", "DOB: 1/1/1940", "Sodium 140"),
        (),
    ],
)
def test_another_document_is_of_unknown_type(texts: tuple[str, ...]) -> None:
    choice = choose_template("auto", [page(*texts)])

    assert choice.template.name == "generic_form"
    assert choice.document_type == "unknown"


def test_a_named_template_is_taken_at_its_word() -> None:
    assert choose_template("hospice", [page("Grocery")]).document_type == "hospice_admission"


@pytest.mark.parametrize(
    ("read", "label", "alike"),
    [
        ("Patlent Name", "patient name", True),
        ("Terminaldiagnosis:", "terminal diagnosis", True),
        ("D.O.B.", "dob", True),
        ("D.O.8.", "dob", False),
        ("Payee", "payer", True),
        ("Group name", "group number", False),
    ],
)
def test_labels_forgive_ocr_but_not_other_words(read: str, label: str, alike: bool) -> None:
    assert (likeness(plain(read), plain(label)) > 0) is alike


LABELS = tuple(plain(label) for field in template_named("hospice").fields for label in field.labels)
MISREAD = [label[:at] + other + label[at + 1 :] for label in LABELS[::5] for at in (0, 4) for other in ("", "x", "1l")]


def test_the_nearest_label_is_the_first_of_those_most_alike() -> None:
    labels = Labels(LABELS)
    for read in [*LABELS, *MISREAD, "patinet name", "morphine", ""]:
        best = max(LABELS, key=lambda label: likeness(read, label))
        expected = (best, likeness(read, best)) if likeness(read, best) else None
        assert labels.nearest(read) == expected


def test_texts_are_as_like_a_label_as_the_most_alike_of_them() -> None:
    read = [*MISREAD[::3], "patinet name", "morphine"]
    texts = Texts(read)
    for label in LABELS:
        assert texts.likeness(label) == max(likeness(text, label) for text in read)


def test_the_shortest_text_with_a_phrase_has_all_its_words() -> None:
    texts = Texts(["hospice referral form", "a referral form", "referral forms"])
    assert texts.shortest_with("referral form") == "a referral form"
    assert texts.shortest_with("erral form") is None
