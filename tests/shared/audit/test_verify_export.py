"""The program that is shipped for checking an exported chain: run as it will be, by a Python without our packages."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shared.audit import verify_export
from shared.crypto import signing
from tests.shared.audit.test_tampering import CHAIN, KNOWN, edited, write

PROGRAM = Path(verify_export.__file__)
# RFC 8032, section 7.1, tests 1 to 3: public key, message, signature.
PUBLISHED = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]
ORDER = 2**252 + 27742317777372353535851937790883648493


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """-I and -S: neither the environment, nor the folder, nor any installed package is there."""
    return subprocess.run(
        [sys.executable, "-I", "-S", PROGRAM, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    path = tmp_path / "audit.jsonl"
    path.write_text("\n".join(CHAIN) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("key", "message", "signature"), PUBLISHED)
def test_published_signatures_hold_and_nothing_like_them(key: str, message: str, signature: str) -> None:
    public, text, signed = (bytes.fromhex(part) for part in (key, message, signature))
    answer = int.from_bytes(signed[32:], "little") + ORDER  # the same number to the curve, another to RFC 8032

    assert verify_export.is_signed(public, text, signed)
    assert signing.is_signed(public, text, signed)
    assert not verify_export.is_signed(public, text + b"!", signed)
    assert not verify_export.is_signed(public, text, signed[:-1] + bytes([signed[-1] ^ 1]))
    assert not verify_export.is_signed(public, text, signed[:32] + answer.to_bytes(32, "little"))
    assert not verify_export.is_signed(bytes(reversed(public)), text, signed)
    assert not verify_export.is_signed(public, text, b"")


@pytest.mark.parametrize("number", range(8))
def test_signatures_of_the_library_hold(number: int) -> None:
    key, message = bytes([number]) * 32, bytes(range(number * 30))

    assert verify_export.is_signed(signing.verifying_key(key), message, signing.sign(key, message))


def test_a_whole_file_is_told_with_its_keys(exported: Path) -> None:
    done = run(exported, "--device-key", KNOWN.device_key or "", "--server-key", KNOWN.server_key or "")

    assert (done.returncode, done.stderr) == (0, "")
    assert f"{len(CHAIN)} entries" in done.stdout
    assert "1 to 4 are countersigned" in done.stdout
    assert run(exported, "--quick").returncode == 0


def test_the_first_wrong_entry_is_named(exported: Path) -> None:
    lines = [*CHAIN[:2], edited(CHAIN[2], "actor", "person:9"), *CHAIN[3:]]
    exported.write_text("\n".join(lines) + "\n", encoding="utf-8")

    done = run(exported)

    assert done.returncode == 1
    assert "at entry 3: the entry was changed after it was written" in done.stdout


def test_a_file_that_was_cut_off_or_is_none_is_told(exported: Path, tmp_path: Path) -> None:
    exported.write_text("\n".join(CHAIN[:-1]) + "\n", encoding="utf-8")
    cut = run(exported)
    exported.write_bytes(b"\xff\xfe")

    assert (cut.returncode, run(exported).returncode) == (1, 1)
    assert "not with the entry of its export" in cut.stdout
    assert run(tmp_path / "nothing").returncode == 2
    exported.write_text("")
    assert run(exported).returncode == 1


def test_entries_in_any_script_are_read_as_they_were_signed(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_text("\n".join(write(3, salt=' José "\\ \u2028 \x07 \U0001f600')), encoding="utf-8")

    assert run(path).returncode == 0


def test_an_earlier_head_that_is_known_shows_an_export_that_is_too_old(exported: Path) -> None:
    digest = json.loads(CHAIN[-1])["digest"]
    older = exported.with_name("older.jsonl")
    older.write_text("\n".join(write(2)), encoding="utf-8")

    assert run(exported, "--head", f"{len(CHAIN)}:{digest}").returncode == 0
    done = run(older, "--head", f"{len(CHAIN)}:{digest}")
    assert done.returncode == 1
    assert f"but {len(CHAIN)} entries were written" in done.stdout
