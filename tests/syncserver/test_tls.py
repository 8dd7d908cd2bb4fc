"""TLS: certificates made here, and a server that speaks 1.3 alone."""

import ssl
import stat
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.syncserver.test_commands import Run, assert_a_sentence, run, serving

__all__ = ["run"]
pytestmark = pytest.mark.timeout(120)


def certificates(run: Run, place: Path) -> Path:
    made = run("tls", "init", "--name", "localhost", "--name", "127.0.0.1", "--out", str(place / "tls"))
    assert made.returncode == 0, made.stderr
    return place / "tls"


def context(folder: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(folder / "ca.pem"))


def test_who_trusts_the_authority_is_served_by_tls_1_3_alone(tmp_path: Path, run: Run) -> None:
    folder = certificates(run, tmp_path)
    files = ("--tls-cert", str(folder / "server.pem"), "--tls-key", str(folder / "server.key"))

    with serving(tmp_path, *files) as (_, http):
        url = str(http.base_url)
        assert urlsplit(url).scheme == "https"
        with httpx.Client(verify=context(folder), trust_env=False) as trusting:
            assert trusting.get(f"{url}/health").status_code == 200
            port = urlsplit(url).port
            assert trusting.get(f"https://localhost:{port}/health").status_code == 200
        with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
            httpx.get(f"{url}/health", verify=ssl.create_default_context(), trust_env=False)
        old = context(folder)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/health", verify=old, trust_env=False)


def test_keys_are_their_owners_alone_and_the_authority_stays(tmp_path: Path, run: Run) -> None:
    folder = certificates(run, tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    certificates(run, tmp_path)

    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(after) == {"ca.pem", "ca.key", "server.pem", "server.key"}
    assert (after["ca.pem"], after["ca.key"]) == (before["ca.pem"], before["ca.key"])
    assert after["server.pem"] != before["server.pem"]
    for name in ("ca.key", "server.key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_a_certificate_that_does_not_fit_its_key_is_told(tmp_path: Path, run: Run) -> None:
    folder = certificates(run, tmp_path)
    data = ("--data-dir", str(tmp_path / "data"))

    mixed = run("serve", "--tls-cert", str(folder / "ca.pem"), "--tls-key", str(folder / "server.key"), *data)
    assert_a_sentence(mixed, 1, "cannot be used")
    half = run("serve", "--tls-cert", str(folder / "ca.pem"), *data)
    assert_a_sentence(half, 1, "both a certificate")
    unnamed = run("tls", "init")
    assert_a_sentence(unnamed, 2, "--name")
