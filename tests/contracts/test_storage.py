"""What every storage must do, asked of files and of a real S3 server alike."""

import io
import os
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from syncserver.kit.storage import ObjectMissing, Storage, StorageUnavailable
from syncserver.kit.storage.files import FileStorage
from syncserver.kit.storage.s3 import s3_storage

pytestmark = pytest.mark.timeout(60)
_numbers = count(1)


@pytest.fixture(params=["files", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """An empty storage of each kind."""
    if request.param == "files":
        return FileStorage(tmp_path / "objects")
    return s3_storage(request.getfixturevalue("s3_service").url("contract", f"test-{next(_numbers)}"))


def put(storage: Storage, name: str, content: bytes) -> None:
    storage.put(name, io.BytesIO(content))


def get(storage: Storage, name: str) -> bytes:
    return b"".join(storage.get(name))


@pytest.mark.parametrize("size", [0, 1, 20_000_001])  # the last goes to S3 in parts
def test_what_was_put_is_got(storage: Storage, size: int) -> None:
    content = secrets.token_bytes(size)

    put(storage, "originals/a/one", content)

    assert get(storage, "originals/a/one") == content


def test_put_again_it_takes_the_place_of_what_was_there(storage: Storage) -> None:
    put(storage, "one", b"first, and longer")
    put(storage, "one", b"second")

    assert get(storage, "one") == b"second"
    assert [found.name for found in storage.list("")] == ["one"]


def test_what_is_known_of_an_object(storage: Storage) -> None:
    put(storage, "originals/a/one", b"12345")

    known = storage.stat("originals/a/one")

    assert (known.name, known.size) == ("originals/a/one", 5)
    assert abs(datetime.now(UTC) - known.stored_at) < timedelta(minutes=1)


def test_a_list_holds_what_begins_with_the_prefix_in_order(storage: Storage) -> None:
    for name in ("originals/b/2", "originals/a/1", "originals/b/1", "other/b/1"):
        put(storage, name, name.encode())

    assert [(found.name, found.size) for found in storage.list("originals/b/")] == [
        ("originals/b/1", 13),
        ("originals/b/2", 13),
    ]
    assert list(storage.list("originals/c/")) == []


def test_what_was_deleted_is_missing_and_deleting_it_again_is_no_error(storage: Storage) -> None:
    put(storage, "one", b"1")
    storage.delete("one")
    storage.delete("one")

    for ask in (storage.get, storage.stat):
        with pytest.raises(ObjectMissing):
            ask("one")


@pytest.mark.parametrize("name", ["../one", "/one", "a/../one", "a//b", "", "a/", "A", ".one", "a\0", ".drafts/1"])
def test_no_name_leads_out_of_the_storage(storage: Storage, name: str) -> None:
    with pytest.raises(ValueError, match="is no name"):
        put(storage, name, b"1")
    with pytest.raises(ValueError, match="is no name"):
        storage.get(name)


def test_of_two_that_are_put_at_once_one_is_there_whole(storage: Storage) -> None:
    contents = [bytes([number]) * 500_000 for number in range(8)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda content: put(storage, "one", content), contents))

    assert get(storage, "one") in contents


def test_what_was_put_half_is_not_there(storage: Storage) -> None:
    class Torn(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises((OSError, StorageUnavailable)):
        storage.put("one", Torn(b"12345"))

    assert list(storage.list("")) == []


def test_a_check_leaves_nothing_behind(storage: Storage) -> None:
    storage.check()

    assert list(storage.list("")) == []


@pytest.fixture(params=["files", "s3"])
def broken(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """A storage that cannot work: a file where its folder should be; a port at which nobody listens."""
    if request.param == "files":
        (tmp_path / "objects").write_bytes(b"")
        return FileStorage(tmp_path / "objects")
    return s3_storage("s3://bucket?endpoint=http://127.0.0.1:9")


def test_a_storage_that_does_not_work_says_so_and_that_trying_again_may_help(
    broken: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "anybody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "0123456789")
    for attempt in (broken.check, lambda: put(broken, "one/two", b"1"), lambda: get(broken, "one/two")):
        with pytest.raises(StorageUnavailable) as refused:
            attempt()
        assert refused.value.retryable


def test_what_a_crash_left_half_written_is_swept_up_a_day_later(tmp_path: Path) -> None:
    storage = FileStorage(tmp_path)
    put(storage, "one", b"1")
    old, young = (tmp_path / ".drafts" / name for name in ("old", "young"))
    for draft in (old, young):
        draft.write_bytes(b"half")
    yesterday = time.time() - 25 * 3600
    os.utime(old, (yesterday, yesterday))

    put(storage, "two", b"2")

    assert (old.exists(), young.exists()) == (False, True)
    assert [found.name for found in storage.list("")] == ["one", "two"]
