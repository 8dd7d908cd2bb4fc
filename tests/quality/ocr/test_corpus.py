"""Pages for the benchmark: a scanner's own pixels, and others made of them."""

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.quality.ocr import corpus
from tests.quality.ocr.corpus import KINDS, choose, draw_letter_pages, draw_pages, find_sources, spread


@pytest.fixture
def samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sample folder: a bilevel scan of two pages, a fax, and a page turned on its side."""
    for folder in ("documents", "truth"):
        (tmp_path / folder).mkdir()
    first, second = Image.new("1", (200, 300), 1), Image.new("1", (200, 300), 0)
    first.save(tmp_path / "documents" / "a.tif", save_all=True, append_images=[second], dpi=(200, 200))
    Image.new("1", (1728, 1078), 1).save(tmp_path / "documents" / "b.png", dpi=(204, 98))
    Image.new("L", (300, 200), 255).save(tmp_path / "documents" / "c.jpg")
    write_truth(tmp_path / "truth" / "a.json", "bilevel200", "one", "two")
    write_truth(tmp_path / "truth" / "b.json", "fax_std", "three")
    write_truth(tmp_path / "truth" / "c.json", "gray200", "four", rotation=90)
    monkeypatch.setattr(corpus, "BESIDE_THE_CHECKOUT", tmp_path / "none")
    monkeypatch.setattr(corpus, "IN_THE_CHECKOUT", tmp_path)
    return tmp_path


def write_truth(path: Path, profile: str, *texts: str, rotation: int = 0) -> None:
    """What a sample's truth says that the benchmark looks at."""
    path.write_text(
        json.dumps({"page_text": texts, "degradation": {"profile": profile, "page_rotation_ccw": rotation}})
    )


@pytest.mark.usefixtures("samples")
def test_each_page_of_a_sample_is_a_page_of_its_class_and_upright_scans_are_turned_and_slanted_too() -> None:
    found = [(source.kind, source.truth, source.rotation, source.slant) for source in find_sources()]
    assert found == [
        ("scan", "one", 0, 0.0),
        ("scan", "two", 0, 0.0),
        ("fax", "three", 0, 0.0),
        ("rotated", "four", 0, 0.0),
        ("rotated", "one", 90, 0.0),
        ("rotated", "two", 180, 0.0),
        ("skewed", "one", 0, 2.0),
        ("skewed", "two", 0, -3.0),
    ]


@pytest.mark.usefixtures("samples")
def test_pages_keep_their_pixels_their_depth_and_their_resolution(tmp_path: Path) -> None:
    pages = draw_pages(find_sources(), tmp_path / "pages")
    drawn = {page.name: Image.open(page.picture) for page in pages}
    assert [(drawn[name].mode, drawn[name].size) for name in ("a-1", "b-1", "c-1", "a-1-turned90")] == [
        ("1", (200, 300)),
        ("1", (1728, 1078)),
        ("L", (300, 200)),
        ("1", (300, 200)),
    ]
    assert [round(dots) for dots in drawn["b-1"].info["dpi"]] == [204, 98]
    assert "dpi" not in drawn["c-1"].info
    assert drawn["a-1"].getpixel((0, 0)) != drawn["a-2"].getpixel((0, 0))


@pytest.mark.usefixtures("samples")
def test_a_slanted_bilevel_page_is_bilevel_on_a_larger_white_sheet(tmp_path: Path) -> None:
    page = next(page for page in draw_pages(find_sources(), tmp_path / "pages") if page.name == "a-2-slanted-3.0")
    slanted = Image.open(page.picture)
    assert slanted.mode == "1"
    assert slanted.width > 200
    assert (slanted.getpixel((0, 0)), slanted.getpixel((slanted.width // 2, 150))) == (255, 0)


@pytest.mark.usefixtures("samples")
def test_letter_pages_have_300_dots_an_inch(tmp_path: Path) -> None:
    sizes = [Image.open(path).size for path in draw_letter_pages(find_sources(), tmp_path / "pages")]
    assert sizes == [(2550, 3300), (2550, 3300)]


@pytest.mark.usefixtures("samples")
def test_a_class_gives_as_many_pages_as_asked_for_or_all_there_are() -> None:
    sources = find_sources()
    assert [source.kind for source in choose(sources, KINDS, 1)] == ["scan", "skewed", "rotated", "fax"]
    assert len(choose(sources, ["rotated"], 0)) == 3
    assert spread(sources, 4) == [sources[0], sources[2], sources[4], sources[6]]


def test_the_samples_in_the_checkout_are_pages_with_text_of_several_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "BESIDE_THE_CHECKOUT", Path("/nowhere"))
    sources = find_sources()
    assert {source.kind for source in sources} == {"clean", "scan", "skewed", "rotated", "fax"}
    assert all(len(source.truth.split()) > 40 for source in sources)
