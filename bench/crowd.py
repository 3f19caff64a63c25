"""Many people at once, for the price of one thread: each has a connection of their own and waits for each answer.

A thread with Python's HTTP client for each of them took more of the processor than the server's part of a request.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

MOST_BYTES = 1 << 20
_HEAD_END = b"\r\n\r\n"


@dataclass
class Person:
    """One connection. asked_at: when what is being waited for was asked; got: of its answer until now."""

    key: str
    connection: socket.socket
    asked_at: float = 0.0
    got: bytearray = field(default_factory=bytearray)

    def ask(self, path: str) -> None:
        """Send one request."""
        lines = (f"GET {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {self.key}", "", "")
        self.asked_at = time.perf_counter()
        self.connection.sendall("\r\n".join(lines).encode())

    def has_answer(self) -> bool:
        """Take what has come; whether that is the whole answer now. Raises AssertionError for a refusal."""
        came = self.connection.recv(MOST_BYTES)
        assert came, "the server has closed the connection"
        self.got += came
        head, found, body = self.got.partition(_HEAD_END)
        if not found or len(body) < _length(head):
            return False
        assert head.startswith(b"HTTP/1.1 200"), bytes(self.got[:500])
        self.got.clear()
        return True


def _length(head: bytearray) -> int:
    lines = head.lower().split(b"\r\n")
    return next(int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:"))


def read_for(seconds: float, address: str, keys: list[str], people: int, next_path: Callable[[], str]) -> list[float]:
    """Milliseconds that each answer took while so many people were reading, each one thing after another."""
    took: list[float] = []
    place = (urlsplit(address).hostname or "", urlsplit(address).port or 80)
    with selectors.DefaultSelector() as waiting:
        crowd = [Person(keys[number % len(keys)], socket.create_connection(place)) for number in range(people)]
        for person in crowd:
            waiting.register(person.connection, selectors.EVENT_READ, person)
            person.ask(next_path())
        until = time.perf_counter() + seconds
        while (now := time.perf_counter()) < until:
            for ready, _ in waiting.select(until - now):
                person = ready.data
                if person.has_answer():
                    took.append((time.perf_counter() - person.asked_at) * 1000)
                    person.ask(next_path())
        for person in crowd:
            person.connection.close()
    return took
