"""Asking a server over keep-alive connections: one after the other, or so many a second whatever the answers take."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_CONNECTIONS = 64
_OK = b"HTTP/1.1 200"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a server: paths in turn, with the headers that open them."""

    base_url: str
    headers: dict[str, str]
    paths: tuple[str, ...]

    def requests(self) -> Iterator[bytes]:
        """HTTP/1.1 requests, for ever."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        host = urlsplit(self.base_url).netloc
        while True:
            for path in self.paths:
                yield f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n".encode()


@dataclass(slots=True)
class Answers:
    """Milliseconds from when each request was due to its whole answer; how many were not 200; seconds it all took."""

    taken: list[float] = field(default_factory=list)
    refused: int = 0
    seconds: float = 0.0

    def quantile(self, share: float) -> float:
        ordered = sorted(self.taken)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.taken) / self.seconds


def one_by_one(asked: Asked, count: int) -> Answers:
    """`count` requests over one connection, each sent when the one before was answered."""
    return asyncio.run(_in_turns(asked, count, 1))


def at_once(asked: Asked, count: int, clients: int) -> Answers:
    """`count` requests by `clients` connections, each asking again as soon as it is answered: what a server can do."""
    return asyncio.run(_in_turns(asked, count, clients))


def at_rate(asked: Asked, rate: float, seconds: float) -> Answers:
    """`rate` requests a second, sent when they are due and not when the server has time for them.

    An answer's time counts from when its request was due, so that a server that stands still is not asked less.
    """
    return asyncio.run(_at_rate(asked, rate, seconds))


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, base_url: str) -> "_Connection":
        address = urlsplit(base_url)
        return cls(*await asyncio.open_connection(address.hostname, address.port))

    async def ask(self, request: bytes) -> bool:
        """Whether the answer was a 200; all of it was read."""
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
        await self._reader.readexactly(int(length))
        return head.upper().startswith(_OK)

    def close(self) -> None:
        self._writer.close()


async def _in_turns(asked: Asked, count: int, clients: int) -> Answers:
    answers, requests = Answers(), asked.requests()
    connections = [await _Connection.open(asked.base_url) for _ in range(clients)]
    began = time.perf_counter()

    async def client(connection: _Connection) -> None:
        for _ in range(count // clients):
            await _timed(connection, next(requests), time.perf_counter(), answers)

    await asyncio.gather(*(client(connection) for connection in connections))
    answers.seconds = time.perf_counter() - began
    for connection in connections:
        connection.close()
    return answers


async def _at_rate(asked: Asked, rate: float, seconds: float) -> Answers:
    answers, requests = Answers(), asked.requests()
    idle: asyncio.Queue[_Connection] = asyncio.Queue()
    for _ in range(_CONNECTIONS):
        idle.put_nowait(await _Connection.open(asked.base_url))
    began = time.perf_counter()

    async def one(due: float) -> None:
        connection = await idle.get()
        await _timed(connection, next(requests), due, answers)
        idle.put_nowait(connection)

    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(due))
    answers.seconds = time.perf_counter() - began
    while not idle.empty():
        idle.get_nowait().close()
    return answers


async def _timed(connection: _Connection, request: bytes, since: float, answers: Answers) -> None:
    good = await connection.ask(request)
    answers.taken.append((time.perf_counter() - since) * 1000)
    answers.refused += not good
