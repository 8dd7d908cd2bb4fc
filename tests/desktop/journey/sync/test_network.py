"""Networks as clinics have them: a proxy in the way, and a server whose certificate is of a private authority."""

import json
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.desktop.conftest import PROGRAMS, CommandLine, environment
from tests.desktop.journey.sync.test_push import PASSWORD

NAME = "chartdrop.test"  # resolves nowhere (RFC 6761): only the proxy knows the way
EMAIL = "network@example.com"
pytestmark = pytest.mark.timeout(180)


@contextmanager
def program(*command: str | Path) -> Iterator["subprocess.Popen[str]"]:
    running = subprocess.Popen(
        [str(word) for word in command],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=30)


def first_line(running: "subprocess.Popen[str]") -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


@dataclass(frozen=True)
class Network:
    """The server's address as the clinic knows it, its authority, and the proxy."""

    url: str
    authority: Path
    proxy: str
    running_proxy: "subprocess.Popen[str]"


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    place = tmp_path_factory.mktemp("network")
    server = PROGRAMS / "chartdrop-server"
    names = ("--name", NAME, "--name", "127.0.0.1", "--out", str(place / "tls"))
    assert subprocess.run([server, "tls", "init", *names], env=environment(), check=False).returncode == 0
    files = ("--tls-cert", place / "tls" / "server.pem", "--tls-key", place / "tls" / "server.key")
    serve = (server, "serve", "--port", "0", "--data-dir", place / "data", *files)
    with program(*serve) as serving, program(sys.executable, Path(__file__).with_name("connect_proxy.py")) as proxy:
        here, authority = first_line(serving).split()[-1], place / "tls" / "ca.pem"
        account = {"email": EMAIL, "password": PASSWORD, "full_name": "Dana Owner", "organization_name": "A clinic"}
        trust = ssl.create_default_context(cafile=str(authority))
        assert httpx.post(f"{here}/api/v1/register", json=account, verify=trust).status_code == 201
        url = f"https://{NAME}:{here.rpartition(':')[2]}"
        yield Network(url, authority, f"http://127.0.0.1:{first_line(proxy)}", proxy)


def connect(chartdrop: CommandLine, network: Network, **settings: str) -> "subprocess.CompletedProcess[str]":
    credentials = {"CHARTDROP_EMAIL": EMAIL, "CHARTDROP_PASSWORD": PASSWORD}
    return chartdrop.run("connect", network.url, **credentials, **settings)


def test_a_pinned_authority_and_a_proxy_are_used_from_enrolment_on(chartdrop: CommandLine, network: Network) -> None:
    untrusted = connect(chartdrop, network, HTTPS_PROXY=network.proxy)
    assert untrusted.returncode == 5
    assert "its certificate is not trusted on this machine" in untrusted.stderr

    pinned = connect(chartdrop, network, HTTPS_PROXY=network.proxy, CHARTDROP_SERVER_CA=str(network.authority))
    assert pinned.returncode == 0, pinned.stderr

    synced = chartdrop.run("sync", "--json", HTTPS_PROXY=network.proxy)  # the authority is remembered
    assert (synced.returncode, json.loads(synced.stdout)["waiting"]) == (0, 0), synced.stderr
    assert first_line(network.running_proxy) == network.url.removeprefix("https://")
    past_it = chartdrop.run("sync", HTTPS_PROXY=network.proxy, NO_PROXY=NAME)
    assert (past_it.returncode, "cannot be reached" in past_it.stderr) == (5, True)
    wrong = chartdrop.run("sync", HTTPS_PROXY="http://127.0.0.1:9")
    assert (wrong.returncode, "cannot be reached" in wrong.stderr) == (5, True)


def test_an_authority_that_the_system_trusts_needs_no_pinning(chartdrop: CommandLine, network: Network) -> None:
    system = {"SSL_CERT_FILE": str(network.authority), "HTTPS_PROXY": network.proxy}
    assert connect(chartdrop, network, **system).returncode == 0

    assert chartdrop.run("sync", **system).returncode == 0
    assert chartdrop.run("sync", HTTPS_PROXY=network.proxy).returncode == 5


def test_a_pinned_authority_is_the_only_one_that_counts(
    chartdrop: CommandLine, network: Network, tmp_path: Path
) -> None:
    names = ("--name", NAME, "--out", str(tmp_path / "tls"))
    subprocess.run([PROGRAMS / "chartdrop-server", "tls", "init", *names], env=environment(), check=True)
    other = tmp_path / "tls" / "ca.pem"
    trusted = {"SSL_CERT_FILE": str(network.authority), "HTTPS_PROXY": network.proxy}

    refused = connect(chartdrop, network, **trusted, CHARTDROP_SERVER_CA=str(other))
    assert (refused.returncode, "certificate is not trusted" in refused.stderr) == (5, True)
    (tmp_path / "no.pem").write_text("no certificate")
    unreadable = connect(chartdrop, network, **trusted, CHARTDROP_SERVER_CA=str(tmp_path / "no.pem"))
    assert (unreadable.returncode, "no certificate in PEM" in unreadable.stderr) == (5, True)
    missing = connect(chartdrop, network, **trusted, CHARTDROP_SERVER_CA=str(tmp_path / "none.pem"))
    assert (missing.returncode, "cannot be read" in missing.stderr) == (5, True)
