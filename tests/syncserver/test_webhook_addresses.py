"""Where webhooks go: no trick of an address leads to what only the server can reach."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from shared.clock import system_clock
from syncserver.webhooks.addresses import IPAddress, Target, check_addresses, check_url, look_up, read_url
from syncserver.webhooks.errors import WebhookUrlRefused
from syncserver.webhooks.sending import Message, Outcome, Sender, SendingStopped
from tests.syncserver.receiver import Receiver, Reply, certified, receiving

pytestmark = pytest.mark.timeout(60)
LOOPBACK = [ip_network("127.0.0.0/8")]


class Names:
    """A resolver by table, which counts how often it was asked; each answer is used once, the last for ever."""

    def __init__(self, *answers: str) -> None:
        self._answers, self.asked = list(answers), 0

    def __call__(self, _: str, __: float) -> list[IPAddress]:
        self.asked += 1
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [ip_address(part) for part in answer.split()]


PUBLIC = Names("93.184.215.14 2606:2800:21f:cb07:6820:80da:af6b:8b2c")
DENIED = [
    "0.0.0.0",  # noqa: S104
    "10.1.2.3",
    "100.64.0.1",  # carrier-grade NAT
    "100.100.100.200",  # Alibaba's metadata
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",  # Azure's platform: a public address
    "169.254.169.254",  # metadata
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",  # Oracle's metadata
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",  # IPv4-compatible
    "::7f00:1",
    "::ffff:127.0.0.1",  # IPv4-mapped
    "::ffff:8.8.8.8",  # mapped, and public: no server has this address
    "::ffff:0:127.0.0.1",  # IPv4-translated
    "64:ff9b::7f00:1",  # NAT64
    "64:ff9b:1::7f00:1",  # NAT64 of a network's own
    "100::1",
    "2001::1",  # Teredo
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",  # 6to4
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",  # Amazon's metadata
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
]
TRICKS = [
    "https://2130706433/",  # 127.0.0.1 in decimal
    "https://0x7f000001/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://127.0.0.1./",
    "https://127.0.0.01/",
    "https://0/",
    "https://0x/",
    "https://1.2.3.4.5/",
    "https://256.1.1.1/",
    "https://3232235777/",
    "https://１２７.0.0.1/",
    "https://①②⑦.⓪.⓪.①/",
    "https://127。0。0。1/",
    "https://%31%32%37.0.0.1/",
    "https://localhost%00.example.com/",
    "https://example.com@127.0.0.1/",
    "https://example.com:443@127.0.0.1/",
    "https://user:password@example.com/",
    "https://@example.com/",
    "https://example.com#@127.0.0.1/",
    "https://example.com\\@127.0.0.1/",
    "https:\\\\127.0.0.1/",
    "https:/127.0.0.1/",
    "https:127.0.0.1/",
    "https:///127.0.0.1/",
    "//127.0.0.1/",
    " https://example.com/",
    "https://example.com/ HTTP/1.1\r\nX: y",
    "https://exa\tmple.com/",
    "https://[::1]extra/",
    "https://[::1/",
    "https://::1/",
    "https://[fe80::1%25eth0]/",
    "https://[127.0.0.1]/",
    "https://[::ffff:127.0.0.256]/",
    "https://example..com/",
    "https://-example.com/",
    "https://" + "a" * 64 + ".com/",
    "https://" + "a." * 127 + "com/",
    "https://example.com:0/",
    "https://example.com:22/",
    "https://example.com:25/",
    "https://example.com:65536/",
    "https://example.com:443:80/",
    "https://example.com:/x",
    "https://example.com:-1/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "javascript:alert(1)",
    "unix:/var/run/docker.sock",
    "https://",
    "",
    "https://example.com/" + "a" * 2000,
]


@pytest.mark.parametrize("address", DENIED)
def test_an_address_that_is_not_public_is_refused_written_out_or_behind_a_name(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(WebhookUrlRefused):
        check_url(f"https://{host}/hook", (), PUBLIC, 1)

    for answer in (address, f"93.184.215.14 {address}"):  # one denied address among public ones is enough
        with pytest.raises(WebhookUrlRefused, match=r"innocent\.example\.com"):
            check_url("https://innocent.example.com/hook", (), Names(answer), 1)


@pytest.mark.parametrize("url", TRICKS)
def test_a_url_that_two_programs_may_read_differently_is_refused(url: str) -> None:
    names = Names("93.184.215.14")

    with pytest.raises(WebhookUrlRefused):
        check_url(url, (), names, 1)
    assert not names.asked  # nobody was told of it


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.com", Target("https", "example.com", 443, "/")),
        ("HTTPS://Example.COM./a?b=c%20d", Target("https", "example.com", 443, "/a?b=c%20d")),
        ("https://hooks_1.example.com:8443?x=@y", Target("https", "hooks_1.example.com", 8443, "/?x=@y")),
        ("https://8.8.8.8/x", Target("https", "8.8.8.8", 443, "/x")),
        ("https://[2606:4700::1111]:443/", Target("https", "2606:4700::1111", 443, "/")),
        ("https://xn--bcher-kva.example/", Target("https", "xn--bcher-kva.example", 443, "/")),
    ],
)
def test_an_ordinary_url_is_read(url: str, target: Target) -> None:
    assert read_url(url) == target
    check_url(url, (), PUBLIC, 1)


def test_networks_that_the_operator_allows_are_reached_even_by_http() -> None:
    private, mapped = [ip_network("10.0.0.0/8")], Names("::ffff:10.0.0.1")
    check_url("http://10.1.2.3/", private, PUBLIC, 1)
    check_url("http://his.clinic.local/", private, Names("10.9.9.9"), 1)

    for url, names in [
        ("http://10.1.2.3/", ()),
        ("http://example.com/", private),
        ("https://192.168.0.1/", private),
    ]:
        with pytest.raises(WebhookUrlRefused):
            check_url(url, names, PUBLIC, 1)
    with pytest.raises(WebhookUrlRefused):
        check_url("https://his.clinic.local/", private, mapped, 1)


def test_a_name_without_an_address_is_taken_and_checked_when_there_is_something_to_send() -> None:
    def nowhere(name: str, within_s: float) -> list[IPAddress]:
        raise OSError(name)

    check_url("https://not-yet.example.com/", (), nowhere, 1)
    with pytest.raises(WebhookUrlRefused, match="https"):
        check_url("http://not-yet.example.com/", (), nowhere, 1)
    assert Sender((), lambda: False, nowhere).send(message("https://not-yet.example.com/"), system_clock()) == Outcome(
        "name_unresolved"
    )


def test_the_systems_resolver_is_asked_in_a_time_that_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ip_address("127.0.0.1") in look_up("localhost", 5)
    with pytest.raises(OSError, match="not known"):
        look_up("name.invalid", 20)

    def away(*_: object, **__: object) -> list[object]:
        time.sleep(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", away)
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        look_up("slow.example.com", 0.1)
    assert time.monotonic() - begun < 2


def message(url: str) -> Message:
    return Message(url, {"webhook-id": "msg_1"}, b"{}")


@contextlib.contextmanager
def listening() -> Iterator[tuple[int, list[object]]]:
    """A port on loopback and who came to it."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    came.append(server.accept()[1])

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1], came


@pytest.mark.parametrize("answer", ["127.0.0.1", "93.184.215.14 127.0.0.1", "::ffff:127.0.0.1"])
def test_nobody_knocks_at_a_denied_address(answer: str) -> None:
    with listening() as (port, came):
        outcome = Sender((), lambda: False, Names(answer)).send(
            message(f"https://a.example.com:{port}/"), system_clock()
        )
        literal = Sender((), lambda: False).send(message(f"https://127.0.0.1:{port}/"), system_clock())
        time.sleep(0.1)

        assert outcome == literal == Outcome("url_refused")
        assert came == []


def test_a_name_is_looked_up_once_and_that_address_connected_to() -> None:
    names = Names("127.0.0.1", "169.254.169.254")  # a name server that says another thing the second time
    with receiving() as receiver:
        url = receiver.url_at("/hook?a=b").replace("127.0.0.1", "hooks.example.com")
        outcome = Sender(LOOPBACK, lambda: False, names).send(message(url), system_clock())

    assert outcome == Outcome(status=204)
    assert names.asked == 1
    assert receiver.got[0].path == "/hook?a=b"
    assert receiver.got[0].headers["host"] == url.removeprefix("http://").partition("/")[0]  # the name, not the address


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    with receiving(host="127.0.0.2") as receiver:
        url = receiver.url.replace("127.0.0.2", "hooks.example.com")
        sender = Sender(LOOPBACK, lambda: False, Names("127.0.0.1 127.0.0.2"))

        assert sender.send(message(url), system_clock()) == Outcome(status=204)


def test_tls_keeps_to_the_name(tmp_path: Path) -> None:
    shown, trust = certified(tmp_path, "hooks.example.com")
    with receiving(tls=shown) as receiver:

        def sent_to(name: str) -> Outcome:
            url = receiver.url.replace("127.0.0.1", name)
            return Sender(LOOPBACK, lambda: False, Names("127.0.0.1"), trust=trust).send(message(url), system_clock())

        assert sent_to("hooks.example.com") == Outcome(status=204)
        assert sent_to("other.example.com") == Outcome("tls_failed")
        untrusting = Sender(LOOPBACK, lambda: False, Names("127.0.0.1"))
        url = receiver.url.replace("127.0.0.1", "hooks.example.com")
        assert untrusting.send(message(url), system_clock()) == Outcome("tls_failed")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with receiving() as receiver, receiving() as elsewhere:
        receiver.answer = lambda _: Reply(status, {"Location": elsewhere.url})

        assert to(receiver) == Outcome("status", status)
        assert elsewhere.got == []


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as receiver, receiving() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)

        assert to(receiver) == Outcome(status=204)
        assert proxy.got == []


def to(receiver: Receiver, within_s: float = 5) -> Outcome:
    return Sender(LOOPBACK, lambda: False, within_s=within_s).send(message(receiver.url), system_clock())


def test_what_is_not_2xx_did_not_arrive_and_may_say_when_to_come_again() -> None:
    with receiving() as receiver:
        for status, after, seconds in [
            (200, "", None),
            (299, "", None),
            (304, "", None),
            (400, "", None),
            (410, "", None),
            (429, "120", 120),
            (503, "soon", None),
            (503, "9" * 40, None),
            (503, "Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ]:
            receiver.answer = lambda _, status=status, after=after: Reply(status, {"Retry-After": after})  # type: ignore[misc]
            outcome = to(receiver)

            assert (outcome.status, outcome.fault) == (status, None if status < 300 else "status")
            assert (outcome.retry_after.total_seconds() if outcome.retry_after else outcome.retry_after) == (
                seconds if seconds else (outcome.retry_after and 0)
            )
            assert outcome.is_gone == (status == 410)


def test_a_server_that_is_silent_or_drips_is_left_when_the_time_is_over() -> None:
    with receiving() as receiver:
        receiver.answer = lambda _: Reply(after_s=30)
        begun = time.monotonic()
        assert to(receiver, within_s=1) == Outcome("timed_out")
        assert time.monotonic() - begun < 3

    with speaking(b"HTTP/1.1 200 OK\r\n", *[b"X-%d: y\r\n" % number for number in range(100)]) as url:
        begun = time.monotonic()
        assert Sender(LOOPBACK, lambda: False, within_s=1).send(message(url), system_clock()) == Outcome("timed_out")
        assert time.monotonic() - begun < 3


@contextlib.contextmanager
def speaking(*pieces: bytes) -> Iterator[str]:
    """A server that says these, ten a second, whatever it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                connection.recv(10_000)
                for piece in pieces:
                    connection.send(piece)
                    time.sleep(0.1)
                connection.close()

        threading.Thread(target=speak, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", Outcome("not_http")),
        (b"HTTP/1.1 999999 x\r\n\r\n", Outcome("not_http")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n", Outcome(status=200)),
    ],
)
def test_what_does_not_speak_http_is_told_and_no_body_is_read(said: bytes, outcome: Outcome) -> None:
    with speaking(said) as url:
        assert Sender(LOOPBACK, lambda: False, within_s=5).send(message(url), system_clock()) == outcome


def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    assert Sender(LOOPBACK, lambda: False).send(message(url), system_clock()) == Outcome("connection_failed")


def test_a_server_that_ends_waits_for_nobody() -> None:
    stopping = threading.Event()
    with receiving() as receiver:
        receiver.answer = lambda _: Reply(after_s=30)
        threading.Timer(0.3, stopping.set).start()
        begun = time.monotonic()
        with pytest.raises(SendingStopped):
            Sender(LOOPBACK, stopping.is_set).send(message(receiver.url), system_clock())
        assert time.monotonic() - begun < 3


def test_every_denied_address_is_denied_to_http_and_https_alike() -> None:
    for scheme in ("http", "https"):
        target = Target(scheme, "a.example.com", 443, "/")
        for address in DENIED:
            with pytest.raises(WebhookUrlRefused):
                check_addresses(target, [ip_address(address)], ())
