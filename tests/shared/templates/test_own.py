"""A clinic's own templates: what is taken, and what is refused with the line, the reason and what to do."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shared.templates
from shared.templates import Kind
from shared.templates.errors import TemplateFault, TemplateRefused
from shared.templates.own import examine, load_folder, load_template

HEAD = 'name = "intake"\nversion = 1\ntitle = "Our intake"\nuse = ["patient_name", "medications"]\n'
FIELD = '\n[[fields]]\nname = "ward"\ntitle = "Ward"\nlabels = ["ward"]\n'
KEYS = [
    "name",
    "version",
    "title",
    "use",
    "fields",
    "tables",
    "columns",
    "labels",
    "more_labels",
    "choices",
    "schema",
    "kind",
]
KEYS += [
    "printed",
    "value",
    "pattern",
    "enum",
    "inside",
    "sections",
    "section_labels",
    "headings",
    "signs",
    "minLength",
]
CHOICES = 'choices = [{ value = "A", printed = ["A"] }]\n'


def written(folder: Path, text: str, name: str = "intake.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def only_fault(path: Path) -> TemplateFault:
    template, faults = examine(path)
    assert template is None
    assert len(faults) == 1, faults
    return faults[0]


def test_a_template_is_taken_with_the_glossarys_fields_and_its_own(tmp_path: Path) -> None:
    template = load_template(written(tmp_path, HEAD + FIELD))

    assert [field.name for field in template.fields] == ["patient_name", "ward"]
    assert [table.name for table in template.tables] == ["medications"]


def test_json_says_the_same(tmp_path: Path) -> None:
    text = """{"name": "intake", "version": 1, "title": "Our intake", "use": ["patient_name"],
\t"fields": [{"name": "visits", "title": "Visits", "kind": "count", "labels": ["visits"]}]}"""

    assert load_template(written(tmp_path, text, "intake.json")).fields[1].kind is Kind.COUNT


@pytest.mark.parametrize(
    ("text", "line", "field", "words"),
    [
        (HEAD + "fields = [", 5, None, ("cannot be read", "TOML")),
        (HEAD + 'colour = "red"\n', 5, None, ("no key 'colour'", "There are")),
        (HEAD + FIELD + 'lables = ["room"]\n', 10, "ward", ("no key 'lables'", "'labels'")),
        (HEAD + FIELD + 'kind = "persn"\n', 10, "ward", ("no kind 'persn'", "'person'")),
        (HEAD + 'dates = "day frist"\n', 5, None, ("no order of dates 'day frist'", "'day first'")),
        (HEAD + FIELD + FIELD, 12, "ward", ("there twice", "another name")),
        (HEAD.replace("patient_name", "patient_nam"), 4, "patient_nam", ("no 'patient_nam'", "'patient_name'")),
        (HEAD + FIELD + FIELD.replace('name = "ward"', 'name = "room"'), 14, "room", ("means 'ward', too", "section")),
        (HEAD + FIELD + 'kind = "date"\n' + CHOICES, 11, "ward", ("not chosen", "kind")),
        (HEAD + FIELD + 'kind = "choice"\n', 6, "ward", ("without choices", "choices")),
        (HEAD + FIELD + "schema = { minItems = 3 }\n", 10, "ward", ("'minItems' says nothing", "kind")),
        (HEAD + FIELD + '\n[fields.schema]\npattern = "(a+)\\\\1"\n', 12, "ward", ("linear time", "RE2")),
        (HEAD + FIELD + "\n[fields.schema]\nminLength = 5\nmaxLength = 2\n", 12, "ward", ("more than", "change")),
        (HEAD + FIELD + 'kind = "age"\nschema = { enum = ["old"] }\n', 11, "ward", ("'old' in 'enum'", "kind")),
        (HEAD + FIELD + 'inside = "floor"\n', 10, "ward", ("inside 'floor'", "Name a field")),
        (HEAD + FIELD.replace('labels = ["ward"]\n', ""), 6, "ward", ("no label", "labels")),
        (HEAD + FIELD + 'section_labels = ["no"]\n', 10, "ward", ("no section", "sections")),
        (
            HEAD + '\n[[tables]]\nname = "wounds"\ntitle = "Wounds"\n',
            6,
            "wounds",
            ("'columns' is empty", "at least one"),
        ),
        (HEAD.replace("version = 1", "version = 0"), 2, None, ("too low", "at least 1")),
        (HEAD.replace('"intake"', '"referral"'), 1, None, ("comes with Chartdrop", "another name")),
        (HEAD.replace('"intake"', '"Our intake"'), 1, None, ("no name", "small letters")),
        (HEAD.replace('title = "Our intake"\n', ""), None, None, ("'title' is missing", "Add it")),
    ],
)
def test_a_wrong_template_is_refused_with_line_field_reason_and_remedy(
    tmp_path: Path, text: str, line: int | None, field: str | None, words: tuple[str, str]
) -> None:
    fault = only_fault(written(tmp_path, text))

    assert (fault.line, fault.field) == (line, field)
    reason, remedy = words
    assert reason in fault.reason
    assert remedy in fault.remedy


def test_a_wrong_json_template_names_the_line_too(tmp_path: Path) -> None:
    text = '{\n  "name": "intake",\n  "version": 1,\n  "title": "Intake",\n'
    text += '  "fields": [\n    {\n      "name": "ward",\n'
    text += '\t\t\t"title": "Ward",\n      "kind": "dat",\n      "labels": ["ward"]\n    }\n  ]\n}\n'

    fault = only_fault(written(tmp_path, text, "intake.json"))

    assert (fault.line, fault.field) == (9, "ward")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("intake.yaml", b"name: intake", "its name ends"),
        ("intake.toml", b'name = "\xff"', "UTF-8"),
        ("intake.json", b"[" * 100_000, "nested too deeply"),
        ("intake.toml", b"x = " + b"[" * 100_000, "nested too deeply"),
        ("intake.json", b'{"name": "a",\n"name": "b"}', "twice"),
        ("intake.toml", b"#" * 1_000_001, "larger than 1 MB"),
        ("intake.json", b"[]", "no object"),
    ],
)
def test_a_file_that_is_no_template_is_refused(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    assert reason in only_fault(path).reason


def test_all_faults_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    _, faults = examine(written(tmp_path, HEAD + FIELD + 'kind = "dat"\ncolor = 1\n'))

    assert [fault.line for fault in faults] == [10, 11]


def test_loading_a_wrong_template_says_the_first_fault(tmp_path: Path) -> None:
    with pytest.raises(TemplateRefused, match=r"intake\.toml: line 2: 0 is too low"):
        load_template(written(tmp_path, HEAD.replace("version = 1", "version = 0")))


def test_a_folders_templates_are_taken_but_for_those_that_are_wrong_or_named_like_another(tmp_path: Path) -> None:
    written(tmp_path, HEAD, "1.toml")
    written(tmp_path, HEAD.replace("patient_name", "patient_nam"), "2.toml")
    written(tmp_path, HEAD, "3.toml")
    written(tmp_path, HEAD, "notes.txt")

    own = load_folder(tmp_path)

    assert [template.name for template in own.templates] == ["intake"]
    assert [str(refusal).split(":")[0] for refusal in own.refused] == ["2.toml", "3.toml"]
    assert load_folder(tmp_path / "missing").templates == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["name", "date", "patient_name"]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inside, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)  # the machine may be busy
@given(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=8))
def test_whatever_a_file_says_it_is_followed_or_refused(document: dict[str, object]) -> None:
    with TemporaryDirectory() as folder:
        path = written(
            Path(folder), json.dumps({"name": "intake", "version": 1, "title": "Intake"} | document), "t.json"
        )
        template, faults = examine(path)

    assert (template is None) == bool(faults)
    assert all(fault.reason and fault.remedy for fault in faults)


def test_the_template_that_is_shown_to_clinics_can_be_followed_and_every_kind_is_told(tmp_path: Path) -> None:
    manual = (Path(shared.templates.__file__).parent / "README.md").read_text("utf-8")
    shown = manual.split("```toml\n")[1].split("```")[0]

    assert load_template(written(tmp_path, shown)).name == "wound_round"
    assert [kind for kind in Kind if f"`{kind}`" not in manual] == []
