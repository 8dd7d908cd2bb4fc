"""Where webhooks may go: to public addresses, and to networks that the operator allows, however a URL spells them.

A server that fetches what a stranger names is asked to fetch what only the server can reach (CWE-918). So a URL is
read by one strict grammar of our own, its name is looked up once, and **every** address found must be one of those
below; `sending.py` then connects to these addresses and never looks the name up again.

Python's `is_global` is not asked: that of 3.11 takes 2002:7f00:1::, ::127.0.0.1 and 64:ff9b::7f00:1 for public.
"""

import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue

from syncserver.webhooks.errors import WebhookUrlRefused

IPAddress = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]
Resolve = Callable[[str, float], list[IPAddress]]
"""The addresses of a name, found within so many seconds. Raises OSError."""

MAX_URL_CHARACTERS = 2000
_PORTS = {"http": 80, "https": 443}
_FIRST_USERS_PORT = 1024  # below are mail, files and administration; web servers there are 80 and 443

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:(?P<port>[0-9]{1,5}))?(?P<rest>[/?].*)?", re.I
)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PRINTABLE = re.compile(r"[\x21-\x7e]+")

# IANA's registry of special-purpose IPv4 addresses, and what else is no place for a public web server.
_DENIED_IPV4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this host
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # behind carrier-grade NAT; Alibaba's metadata
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # Azure's platform, although a public address
            "169.254.0.0/16",  # link-local; metadata of most clouds
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; Oracle's metadata
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
        ),
    )
)
# Of IPv6 only what IANA gave out as global unicast. Outside are ::1, ::127.0.0.1, ::ffff:127.0.0.1, 64:ff9b::/96
# (NAT64), fc00::/7 (private; Amazon's metadata), fe80::/10, fec0::/10 and ff00::/8.
_GLOBAL_IPV6 = IPv6Network("2000::/3")
_DENIED_IPV6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo (2001::/32), benchmarks, ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: an IPv4 address within
            "3fff::/20",  # documentation
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """A URL, read: `host` without brackets and in lower case, `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one server is told by."""
        return f"{self.scheme}://{self._written_host}:{self.port}"

    @property
    def host_header(self) -> str:
        """RFC 9110, section 7.2: without the port where it is the scheme's."""
        return self._written_host if self.port == _PORTS[self.scheme] else f"{self._written_host}:{self.port}"

    @property
    def _written_host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def read_url(url: str) -> Target:
    """The parts of `url`. Raises WebhookUrlRefused on whatever two programs might read differently."""
    if len(url) > MAX_URL_CHARACTERS:
        raise WebhookUrlRefused(f"The URL is longer than {MAX_URL_CHARACTERS} characters.")
    if not _PRINTABLE.fullmatch(url):
        raise WebhookUrlRefused(
            "The URL holds a space or a character beyond ASCII: write names as xn--…, others as %XX."
        )
    authority = url.partition("://")[2].partition("/")[0].partition("?")[0]
    if "@" in authority:
        raise WebhookUrlRefused("The URL holds a user name or password. Webhooks are signed instead: leave it out.")
    if "#" in url or "\\" in url:
        raise WebhookUrlRefused("The URL holds a '#' or a backslash, which no server is sent. Leave it out.")
    found = _URL.fullmatch(url)
    if found is None:
        raise WebhookUrlRefused("This is no URL of the form https://host/path or https://host:port/path.")
    scheme, rest = found["scheme"].lower(), found["rest"] or "/"
    port = _port(found["port"], scheme)
    return Target(scheme, _host(found["host"].lower()), port, rest if rest.startswith("/") else f"/{rest}")


def check_addresses(target: Target, addresses: Sequence[IPAddress], allowed: Networks) -> None:
    """Raises WebhookUrlRefused unless webhooks may go to every one of `addresses`, those of the target's host."""
    if any(_is_denied(address, allowed) for address in addresses):
        raise WebhookUrlRefused(
            f"'{target.host}' is, or leads to, an address that is not public. Webhooks go there only if the operator "
            "of the server adds its network to CHARTDROP_WEBHOOK_ALLOWED_NETWORKS."
        )
    if target.scheme == "http" and not (allowed and all(_is_in(address, allowed) for address in addresses)):
        raise WebhookUrlRefused("The URL begins with http://. Over public networks webhooks go by https:// alone.")


def addresses_of(target: Target, resolve: Resolve, within_s: float) -> list[IPAddress]:
    """The addresses of the target's host, looked up once. Raises OSError."""
    try:
        return [ip_address(target.host)]
    except ValueError:
        return resolve(target.host, within_s)


def check_url(url: str, allowed: Networks, resolve: Resolve, within_s: float) -> None:
    """Raises WebhookUrlRefused where `url` is known already not to be one that webhooks are sent to.

    A name that has no address yet may have one by the time there is something to send, and is checked then.
    """
    target = read_url(url)
    try:
        addresses = addresses_of(target, resolve, within_s)
    except OSError:
        addresses = []
    check_addresses(target, addresses, allowed)


def look_up(name: str, within_s: float) -> list[IPAddress]:
    """What the system's resolver says. Raises OSError, also where it takes longer: it has no time limit of its own."""
    answer: SimpleQueue[list[IPAddress] | OSError] = SimpleQueue()
    threading.Thread(target=lambda: answer.put(_ask(name)), name="webhook-name", daemon=True).start()
    try:
        found = answer.get(timeout=max(within_s, 0))
    except Empty:
        raise TimeoutError("The name was not looked up in time.") from None
    if isinstance(found, OSError):
        raise found
    return found


def _ask(name: str) -> list[IPAddress] | OSError:
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return OSError(*error.args)
    return list(dict.fromkeys(ip_address(one[4][0]) for one in found))


def _port(text: str | None, scheme: str) -> int:
    port = int(text) if text else _PORTS[scheme]
    if port not in _PORTS.values() and not _FIRST_USERS_PORT <= port <= 65535:
        raise WebhookUrlRefused(f"The port {port} is no web server's. Webhooks go to 443, 80, or above 1023.")
    return port


def _host(host: str) -> str:
    if host.startswith("["):
        return _ipv6(host[1:-1])
    labels = host.removesuffix(".").split(".")
    if _NUMBER.fullmatch(labels[-1]):  # as browsers tell: then the whole is meant as an IPv4 address
        return _ipv4(host)
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise WebhookUrlRefused("The URL's host is no name that a server can have.")
    return ".".join(labels)


def _ipv4(host: str) -> str:
    """Four decimal numbers and nothing else: 2130706433, 0x7f.1, 0177.0.0.1 and 127.1 are read as 127.0.0.1 by some."""
    try:
        return str(IPv4Address(host))
    except AddressValueError as error:
        raise WebhookUrlRefused("Write the IPv4 address as four decimal numbers, without leading zeros.") from error


def _ipv6(host: str) -> str:
    try:
        return str(IPv6Address(host))
    except AddressValueError as error:
        raise WebhookUrlRefused("The URL's host is in brackets, but is no IPv6 address.") from error


def _is_denied(address: IPAddress, allowed: Networks) -> bool:
    if _is_in(address, allowed):
        return False
    if isinstance(address, IPv4Address):
        return _is_in(address, _DENIED_IPV4)
    return address not in _GLOBAL_IPV6 or address.scope_id is not None or _is_in(address, _DENIED_IPV6)


def _is_in(address: IPAddress, networks: Networks) -> bool:
    return any(address.version == network.version and address in network for network in networks)
