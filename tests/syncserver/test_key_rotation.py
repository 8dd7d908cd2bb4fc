"""`chartdrop-server keys rotate`: everything opens with the new secret, nothing with the old; and however far a
rotation came that was broken off, it goes on."""

import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from shared.clock import system_clock
from shared.errors import ChartdropError
from shared.ids import new_id
from syncserver.app import create_app
from syncserver.audit.verification import verify_all
from syncserver.kit.database import EMBEDDED_FILE, open_database
from syncserver.kit.errors import CannotStart
from syncserver.kit.secret import load_keys
from syncserver.operation import key_rotation
from syncserver.operation.key_rotation import rotate
from syncserver.settings import Settings
from syncserver.tenants import service as tenants
from tests.syncserver.conftest import SECRET, MovingClock, Owners, Server, parts_of
from tests.syncserver.desktop import FILE_NAME, PATIENT
from tests.syncserver.people import owner_of_north, sign_in
from tests.syncserver.scripted import document
from tests.syncserver.test_commands import Run, assert_a_sentence, run
from tests.syncserver.test_second_factor import set_up

__all__ = ["run"]
pytestmark = pytest.mark.timeout(120)


@contextmanager
def running(settings: Settings, owners: Owners, clock: MovingClock | None = None) -> Iterator[Server]:
    clock = clock or MovingClock()
    parts = parts_of(settings, clock)
    with closing(parts.database), TestClient(create_app(parts), raise_server_exceptions=False) as http:
        yield Server(parts, clock, http, owners)


def with_secret(settings: Settings, secret: str) -> Settings:
    return settings.model_copy(update={"secret_key": SecretStr(secret)})


def assert_opens(settings: Settings) -> None:
    keys = load_keys(settings)
    database = open_database(settings, keys)
    try:
        with database.reading() as session:
            tenants.check_master_key(session, keys)
            assert [found.fault for found in verify_all(session, keys)] == [None] * 4  # two chains, two trees
    finally:
        database.close()


def test_after_a_rotation_everything_opens_with_the_new_secret_alone(
    settings: Settings, owners: Owners, tmp_path: Path
) -> None:
    once, out = {"Idempotency-Key": "one"}, tmp_path / "new-secret"
    with running(settings, owners) as server:
        owner = owner_of_north(server)
        app, recovery_codes = set_up(server, owner)
        desktop = server.desktop()
        read = desktop.read(new_id())
        assert desktop.push().status_code == 200
        sent = server.north.post("/api/v1/jobs", files={"file": (FILE_NAME, document(pages=1))}).json()["job_id"]
        assert server.north.post("/api/v1/api-keys", data={"name": "x"}, headers=once).status_code == 201
        head = server.north.get("/api/v1/audit/tree-head").json()

    rotated = rotate(settings, out, server.clock)

    assert (rotated.secret, rotated.organizations, rotated.without_codes) == (out, 2, 1)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with running(with_secret(settings, out.read_text().strip()), owners, server.clock) as server:
        app._server = server
        assert PATIENT in server.north.get(f"/api/v1/jobs/{read}").text
        link = server.north.get(f"/api/v1/jobs/{sent}/original").json()["url"]
        assert server.http.get(link).content == document(pages=1)
        assert sign_in(server, owner.email, otp=recovery_codes[0]).json()["code"] == "second_factor_refused"
        assert sign_in(server, owner.email, otp=app.next_code()).status_code == 200
        assert server.north.post("/api/v1/api-keys", data={"name": "x"}, headers=once).status_code == 201
        desktop.http = server.http
        desktop.read(new_id())
        assert desktop.push().status_code == 200
        assert desktop.audit_key == server.north.get("/api/v1/audit/tree-head").json()["server_key"]
        assert head["server_key"] == desktop.audit_key
        assert "keys.rotated" in server.north.get("/api/v1/audit").text
        parts = server.parts
        with parts.database.reading() as session:
            assert {found.fault for found in verify_all(session, parts.keys)} == {None}
    with pytest.raises(ChartdropError), running(settings, owners):
        assert_opens(settings)


def test_a_second_rotation_keeps_the_key_that_the_server_is_known_by(
    settings: Settings, owners: Owners, tmp_path: Path
) -> None:
    known_by = load_keys(settings).audit
    rotate(settings, tmp_path / "second", system_clock)
    second = with_secret(settings, (tmp_path / "second").read_text().strip())
    rotate(second, tmp_path / "third", system_clock)
    third = with_secret(settings, (tmp_path / "third").read_text().strip())

    assert load_keys(third).audit == known_by
    assert len({load_keys(one).master for one in (settings, second, third)}) == 3
    with running(third, owners) as server:
        assert server.north.get("/api/v1/me").status_code == 200


def test_a_running_server_keeps_its_keys(settings: Settings, owners: Owners, tmp_path: Path) -> None:
    with running(settings, owners) as server:
        server.north.get("/api/v1/me")
        with pytest.raises(CannotStart, match="Nothing was changed; stop them"):
            rotate(settings, tmp_path / "new-secret", system_clock)
        assert server.north.get("/api/v1/me").status_code == 200

    assert not (tmp_path / "new-secret").exists()


def test_a_rotation_says_where_its_secret_has_to_go(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="--out"):
        rotate(settings, None, system_clock)
    (tmp_path / "same").write_text(SECRET)
    with pytest.raises(CannotStart, match="has already"):
        rotate(settings, tmp_path / "same", system_clock)
    (tmp_path / "foreign").write_text(SECRET[::-1])
    with pytest.raises(CannotStart, match="made for this server"):
        rotate(settings, tmp_path / "foreign", system_clock)
    with pytest.raises(ChartdropError, match=r"not the one|does not open with this secret"):
        rotate(with_secret(settings, SECRET[::-1]), tmp_path / "new", system_clock)
    assert not (tmp_path / "new").exists()


@pytest.fixture
def embedded(tmp_path: Path, sqlite_template: tuple[Path, Owners]) -> Settings:
    """An embedded server that made its secret itself."""
    place = tmp_path / "data"
    place.mkdir()
    shutil.copy(sqlite_template[0] / EMBEDDED_FILE, place)
    (place / "secret.key").write_text(SECRET)
    return Settings(data_dir=place, secret_key=None, workers=0)


class PowerCut(BaseException):
    """Nobody catches it."""


def before(act: Callable[..., object]) -> Callable[..., object]:
    def cut(*_: object) -> object:
        raise PowerCut

    return cut


def after(act: Callable[..., object]) -> Callable[..., object]:
    def cut(*given: object) -> object:
        act(*given)
        raise PowerCut

    return cut


@pytest.mark.parametrize(
    ("place", "name", "when"),
    [(tenants, "rewrap_keys", after), (key_rotation, "rekey", before), (key_rotation, "rekey", after)],
)
def test_a_rotation_that_was_broken_off_goes_on(
    embedded: Settings, monkeypatch: pytest.MonkeyPatch, place: object, name: str, when: Callable[..., object]
) -> None:
    with monkeypatch.context() as power:
        power.setattr(place, name, when(getattr(place, name)))
        with pytest.raises(PowerCut):
            rotate(embedded, None, system_clock)
    with pytest.raises(CannotStart, match="goes on where it stopped"):
        load_keys(embedded)

    rotate(embedded, None, system_clock)

    assert (embedded.data_dir / "secret.key").read_text().strip() != SECRET
    assert not (embedded.data_dir / "secret.key.next").exists()
    assert_opens(embedded)


def test_the_command_puts_an_embedded_servers_new_secret_in_its_place(embedded: Settings, run: Run) -> None:
    data = ("--data-dir", str(embedded.data_dir))

    assert_a_sentence(run("keys", "rotate", "--out", "elsewhere", *data), 1, "leave --out away")
    assert_a_sentence(run("keys", "rotate", *data), 0, "2 organizations", "secret.key holds the secret from now on")
    assert_a_sentence(run("keys", "rotate", "--data-dir", "none"), 1, "no server's database")
    assert run("audit", "verify", *data).returncode == 0
    (embedded.data_dir / "secret.key").write_text(SECRET)
    assert_a_sentence(run("audit", "verify", *data), 1, "does not open with this secret")
