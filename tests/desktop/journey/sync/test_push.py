"""Rounds against the real server, and against doors behind which there is none."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from desktop.errors import NotConnected, ServerRefused, ServerUnreachable
from desktop.journey.sync.enrol import SignIn, enrol, forget
from desktop.journey.sync.push import Courier, is_receipt_of
from desktop.journey.sync.server import checked_url
from desktop.vault import audit_log, device, outbox, receipts
from desktop.vault.connection import Vault
from shared.audit import ChainFault, Receipt, countersign
from shared.crypto.signing import new_signing_key, verifying_key
from shared.wire.v1.devices import Enrolment
from tests.desktop.journey.sync.doors import Door

PASSWORD = "long enough to keep"


def owner_of_a_new_organization(url: str, email: str) -> SignIn:
    account = {"email": email, "password": PASSWORD, "full_name": "Dana Owner", "organization_name": "A clinic"}
    assert httpx.post(f"{url}/api/v1/register", json=account).status_code == 201
    return SignIn(email, PASSWORD)


def write(vault: Vault, count: int) -> None:
    for _ in range(count):
        with vault.act() as connection:
            audit_log.record(connection, vault.chain, audit_log.Act("device", "test", "x"))


def accepted_through(vault: Vault) -> int:
    with vault.read() as connection:
        link = device.link(connection)
    assert link is not None
    return link.accepted_through


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def connected_to_nobody(vault: Vault, url: str, audit_key: str | None = None) -> None:
    nowhere = Enrolment(
        device_id=vault.device_id, organization_id=UUID(int=1), organization_name="A clinic", audit_key=audit_key
    )
    with vault.act() as connection:
        device.set_link(connection, url, nowhere, vault.clock())


def test_everything_that_waits_is_sent_once(vault: Vault, server_url: str) -> None:
    sign_in = owner_of_a_new_organization(server_url, "rounds@example.com")
    link = enrol(vault, server_url, sign_in, allow_insecure=False)
    write(vault, 3)
    courier = Courier(vault)

    first, second = courier.round(), courier.round()

    assert link.organization_name == "A clinic"
    assert (first.sent, first.waiting, first.fault) == (5, 0, None)  # the store's birth, the enrolment, and these
    assert (second.sent, second.waiting, second.fault) == (0, 0, None)
    with vault.read() as connection:
        assert accepted_through(vault) == outbox.last_sequence(connection)


def test_an_answer_that_was_lost_costs_nothing(vault: Vault, server_url: str) -> None:
    sign_in = owner_of_a_new_organization(server_url, "lost@example.com")
    link = enrol(vault, server_url, sign_in, allow_insecure=False)
    courier = Courier(vault)
    courier.round()
    with vault.act() as connection:
        device.note_accepted(connection, link, 0)  # as if the answer had never come
    write(vault, 1)

    assert courier.round().fault is None
    assert accepted_through(vault) == 3


def test_a_device_that_is_ahead_of_its_server_goes_back_to_what_it_holds(vault: Vault, server_url: str) -> None:
    sign_in = owner_of_a_new_organization(server_url, "gap@example.com")
    link = enrol(vault, server_url, sign_in, allow_insecure=False)
    write(vault, 4)
    with vault.act() as connection:
        device.note_accepted(connection, link, 3)  # the server was restored from a backup

    assert Courier(vault).round().fault is None
    assert accepted_through(vault) == 6


def test_what_one_server_took_is_not_put_down_to_the_next(vault: Vault) -> None:
    write(vault, 2)

    def connect_elsewhere() -> None:  # as `chartdrop connect` does while `chartdrop watch` syncs
        connected_to_nobody(vault, "http://127.0.0.1:1")

    with agreeable_server(accepted_through=3, before_the_answer=connect_elsewhere) as url:
        connected_to_nobody(vault, url)
        done = Courier(vault).round()

    assert (accepted_through(vault), done.waiting) == (0, 3)
    with vault.read() as connection:
        link = device.link(connection)
    assert link is not None
    assert (link.url, link.last_sync_at) == ("http://127.0.0.1:1", None)


@contextmanager
def agreeable_server(
    accepted_through: int, before_the_answer: Callable[[], None], receipt: Receipt | None = None
) -> Iterator[str]:
    """The URL of an older server that lets every device in and takes every push; something happens before it does."""

    def taken(_: object) -> tuple[int, object]:
        before_the_answer()
        return 200, {"accepted_through": accepted_through, "audit_receipt": asdict(receipt) if receipt else None}

    door = Door()
    door.answers = {"/sync/push": taken, "/sync/pull": lambda _: (404, {"title": "Not Found", "status": 404})}
    with door.serving():
        yield door.url


def test_the_server_countersigns_the_chain_so_that_writing_it_anew_shows(vault: Vault, server_url: str) -> None:
    enrol(vault, server_url, owner_of_a_new_organization(server_url, "receipts@example.com"), allow_insecure=False)
    write(vault, 3)
    assert Courier(vault).round().fault is None

    with vault.read() as connection:
        [receipt] = receipts.held(connection)
        assert audit_log.countersigned_through(connection) == receipt.sequence == 5
        assert audit_log.verify(connection, vault.chain) is None
    write_chain_anew(vault, 7)
    with vault.read() as connection:
        assert audit_log.verify(connection, vault.chain) == ChainFault(
            5, "the entry is not the one that was countersigned"
        )
    write_chain_anew(vault, 4)
    with vault.read() as connection:
        assert audit_log.verify(connection, vault.chain) == ChainFault(
            5, "the chain ends here, but 5 entries were written"
        )


def write_chain_anew(vault: Vault, count: int) -> None:
    """As somebody does who has the store's key, and with it the device's: whole, in order and signed."""
    with vault.act() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
        for trigger in [name for name in names if name.startswith("audit_")]:
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text("DELETE FROM audit_entries"))
        connection.execute(text("DELETE FROM audit_head"))
    write(vault, count)


def test_a_receipt_that_is_not_the_servers_own_is_refused_and_what_was_taken_is_noted(vault: Vault) -> None:
    key, stranger = new_signing_key(), new_signing_key()
    at = "2026-01-02T03:04:05.000000Z"
    wrong = (
        countersign(stranger, vault.chain.device_id, (1, "ab" * 32), at),
        countersign(key, str(UUID(int=7)), (1, "ab" * 32), at),
        replace(countersign(key, vault.chain.device_id, (1, "ab" * 32), at), sequence=2),
    )
    for number, receipt in enumerate(wrong, start=1):
        write(vault, 1)
        with agreeable_server(number + 1, lambda: None, receipt) as url:
            connected_to_nobody(vault, url, verifying_key(key).hex())
            done = Courier(vault).round()

        assert isinstance(done.fault, ServerRefused)
        assert (done.fault.problem_code, done.waiting) == ("audit_receipt_wrong", 0)
    with vault.read() as connection:
        assert list(receipts.held(connection)) == []


def test_the_key_of_the_first_receipt_counts_where_enrolment_gave_none(vault: Vault) -> None:
    first, second = (
        countersign(new_signing_key(), vault.chain.device_id, (1, "ab" * 32), "2026-01-02T03:04:05.000000Z")
        for _ in range(2)
    )
    with agreeable_server(1, lambda: None, first) as url:
        connected_to_nobody(vault, url)
        assert Courier(vault).round().fault is None
    with vault.read() as connection:
        link = device.link(connection)
    assert link is not None
    assert link.audit_key == first.server_key
    assert not is_receipt_of(link, vault.chain.device_id, second)


def test_an_older_receipt_never_takes_a_newer_ones_place(vault: Vault) -> None:
    key, at = new_signing_key(), "2026-01-02T03:04:05.000000Z"
    newest = countersign(key, vault.chain.device_id, (9, "ab" * 32), at)
    with vault.act() as connection:
        for length in (8, 9, 7, 9):
            receipts.keep(connection, countersign(key, vault.chain.device_id, (length, "ab" * 32), at))
        assert list(receipts.held(connection)) == [newest]
    for statement in ("UPDATE audit_receipts SET sequence = 1", "DELETE FROM audit_receipts"):
        with pytest.raises(DatabaseError, match="only move on"), vault.act() as connection:
            connection.execute(text(statement))


def test_a_server_that_is_down_leaves_everything_in_the_outbox(vault: Vault) -> None:
    connected_to_nobody(vault, f"http://127.0.0.1:{free_port()}")
    write(vault, 2)

    done = Courier(vault).round()

    assert isinstance(done.fault, ServerUnreachable)
    assert "cannot be reached" in done.fault.message
    assert (done.sent, done.waiting) == (0, 3)


def test_a_server_that_does_not_know_the_device_refuses_and_nothing_is_lost(vault: Vault, server_url: str) -> None:
    connected_to_nobody(vault, server_url)

    done = Courier(vault).round()

    assert isinstance(done.fault, ServerRefused)
    assert (done.sent, done.waiting) == (0, 1)


def test_a_wrong_code_or_password_changes_nothing(vault: Vault, server_url: str) -> None:
    for credential in ("no such code", SignIn("nobody@example.com", "wrong password")):
        with pytest.raises(ServerRefused, match="refused"):
            enrol(vault, server_url, credential, allow_insecure=False)

    with vault.read() as connection:
        assert device.link(connection) is None
        assert outbox.last_sequence(connection) == 1


def test_what_is_forgotten_can_be_connected_again_under_the_same_identity(vault: Vault, server_url: str) -> None:
    sign_in = owner_of_a_new_organization(server_url, "again@example.com")
    enrol(vault, server_url, sign_in, allow_insecure=False)
    Courier(vault).round()
    forget(vault)
    assert isinstance(Courier(vault).round().fault, NotConnected)

    enrol(vault, server_url, sign_in, allow_insecure=False)

    assert Courier(vault).round().fault is None
    with pytest.raises(NotConnected):
        forget_twice(vault)


def forget_twice(vault: Vault) -> None:
    forget(vault)
    forget(vault)


@pytest.mark.parametrize(
    "url", ["ftp://a.example", "a.example", "http://a.example", "https://", "https://user:word@a.example", "http://[::"]
)
def test_an_address_that_would_leak_or_leads_nowhere_is_refused(url: str) -> None:
    with pytest.raises(ServerRefused):
        checked_url(url, allow_insecure=False)


@pytest.mark.parametrize("url", ["https://a.example/", "http://127.0.0.1:8000", "http://localhost", "http://[::1]:80"])
def test_https_and_this_machine_are_fine(url: str) -> None:
    assert checked_url(url, allow_insecure=False) == url.rstrip("/")
