"""Templates that come another way than as files, beside a clinic's own."""

from pathlib import Path

from shared.templates import WrittenTemplate, load_folder, with_others

TEMPLATE = 'name = "{name}"\nversion = {version}\ntitle = "Round"\nheadings = ["round"]\nuse = ["mrn"]\n'


def written(name: str, version: int = 1, suffix: str = ".toml") -> WrittenTemplate:
    return WrittenTemplate(name, TEMPLATE.format(name=name, version=version).encode(), suffix)


def test_a_clinics_own_files_come_first_and_what_takes_their_name_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "ward.toml").write_bytes(written("ward", version=7).content)

    known = with_others(load_folder(tmp_path), [written("ward", version=9), written("night")])

    assert [(one.name, one.version) for one in known.templates] == [("ward", 7), ("night", 1)]
    [refusal] = known.refused
    assert "called 'ward'" in refusal.message


def test_what_cannot_be_followed_is_left_out_with_the_reason_and_the_rest_is_followed() -> None:
    known = with_others(load_folder(Path("nowhere")), [
        written("referral"),  # comes with the product
        WrittenTemplate("broken", b"name = ", ".toml"),
        written("night", suffix=".yaml"),
        written("day"),
    ])  # fmt: skip

    assert [one.name for one in known.templates] == ["day"]
    assert [refusal.message.split(":")[0] for refusal in known.refused] == ["referral", "broken", "night"]
