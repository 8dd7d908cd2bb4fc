"""What cannot be read says so, and why."""

from io import BytesIO

import pytest
from PIL import Image

from shared.reading.worker import ReadingProcess
from tests.shared.reading.conftest import SAMPLES

pytestmark = pytest.mark.xdist_group("reading")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("empty.pdf", "file_empty"),
        ("letter.pdf", "file_type_unsupported"),
        ("locked.pdf", "file_encrypted"),
        ("torn.pdf", "file_damaged"),
        ("torn.jpg", "file_damaged"),
    ],
)
def test_a_file_that_cannot_be_read_names_itself_and_the_reason(reader: ReadingProcess, name: str, code: str) -> None:
    reading = reader.read((SAMPLES / "bad" / name).read_bytes(), name)

    assert reading.error is not None
    assert reading.error.code == code
    assert reading.error.message.startswith(f"{name}: ")
    assert len(reading.sha256) == 64
    assert reading.pages == ()


def test_a_page_one_pixel_wide_is_a_page_without_text(reader: ReadingProcess) -> None:
    sliver = BytesIO()
    Image.new("L", (1, 4000), 255).save(sliver, "PNG")
    reading = reader.read(sliver.getvalue(), "sliver.png")

    assert reading.error is None
    assert [page.lines for page in reading.pages] == [()]


def test_an_unknown_template_is_refused_with_the_nearest_name(reader: ReadingProcess) -> None:
    picture = next((SAMPLES / "blank").iterdir()).read_bytes()
    reading = reader.read(picture, "scan.png", "hospise")

    assert reading.error is not None
    assert reading.error.code == "template_unknown"
    assert "'hospice'" in reading.error.message
