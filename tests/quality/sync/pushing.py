"""Devices that push at once, each over a connection of its own, each push sent when the one before was answered."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.quality.sync.outboxes import Device

_PATH = "/api/v1/sync/push"


@dataclass(frozen=True, slots=True)
class Homecoming:
    """How it went: seconds until the last answer; of each device, how long each of its pushes waited for its own."""

    seconds: float
    waits: tuple[tuple[float, ...], ...]

    @property
    def longest_wait(self) -> float:
        return max(max(waits) for waits in self.waits)

    @property
    def share(self) -> float:
        """Seconds that a push would wait if the devices were served in strict rotation: the time of a round."""
        return self.seconds / max(len(waits) for waits in self.waits)


def come_home(url: str, devices: Sequence[Device]) -> Homecoming:
    """All that the devices have is with the server. Raises RuntimeError on any other answer."""
    for device in devices:
        device.token = device.desktop.token()
    return asyncio.run(_come_home(url, devices))


async def _come_home(url: str, devices: Sequence[Device]) -> Homecoming:
    began = time.perf_counter()
    waits = await asyncio.gather(*(_push_all(url, device) for device in devices))
    return Homecoming(time.perf_counter() - began, tuple(waits))


async def _push_all(url: str, device: Device) -> tuple[float, ...]:
    address, waits = urlsplit(url), []
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    for file in device.bodies:
        request = _request(address.netloc, device.token, file.read_bytes())
        began = time.perf_counter()
        writer.write(request)
        await writer.drain()
        await _answer(reader)
        waits.append(time.perf_counter() - began)
    writer.close()
    return tuple(waits)


def _request(host: str, token: str, body: bytes) -> bytes:
    head = (
        f"POST {_PATH} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    body = await reader.readexactly(int(length))
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(f"The server refused a push: {json.loads(body)}")
