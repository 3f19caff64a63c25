"""The bounds that the web server sets, over real sockets."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import connect

from crm_app.core import web_server
from crm_app.core.web_server import HEAD_BYTES, PIECE_BYTES, UNPACKED_BYTES, WebServer
from tests.servers import free_port, wait_for_port


async def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello" + (await request.body()).decode())


async def echo(tab: WebSocket) -> None:
    await tab.accept()
    while (said := await tab.receive_text()) != "bye":
        await tab.send_text(said)
    await tab.close()


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    """Of a file that is served under /file: a whole number of pieces, the case in which an end is easily missed."""
    written = os.urandom(2 * PIECE_BYTES)
    (tmp_path / "file").write_bytes(written)
    return written


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[int]:
    async def file(_request: Request) -> FileResponse:
        return FileResponse(tmp_path / "file")

    monkeypatch.setattr(web_server, "HEAD_SECONDS", 0.5)
    routes = [Route("/", hello, methods=["GET", "POST"]), Route("/file", file), WebSocketRoute("/tab", echo)]
    number, server = free_port(), WebServer(Starlette(routes=routes))
    thread = threading.Thread(target=lambda: asyncio.run(server.listen("127.0.0.1", number)), daemon=True)
    thread.start()
    wait_for_port(number)
    yield number
    server.stop()
    thread.join(10)
    assert not thread.is_alive()


def answer(port: int, *parts: bytes, wait_seconds: float = 0.0) -> bytes:
    """All that the server says until it closes, to a request that is sent in parts."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as talk:
        try:
            for part in parts:
                talk.sendall(part)
                time.sleep(wait_seconds)
            said = b""
            while chunk := talk.recv(65536):
                said += chunk
        except ConnectionError:
            return b""
        return said


def test_a_request_is_answered_at_once(port: int) -> None:
    began = time.perf_counter()
    said = answer(port, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 200") and said.endswith(b"hello")
    assert b"uvicorn" not in said and time.perf_counter() - began < 2


def test_messages_of_a_socket_are_packed_each_by_itself(port: int) -> None:
    with connect(f"ws://127.0.0.1:{port}/tab") as tab:
        assert tab.response is not None
        agreed = tab.response.headers["Sec-WebSocket-Extensions"]
        assert "server_no_context_takeover" in agreed and "client_no_context_takeover" in agreed
        for said in ("карточка " * 5_000, "карточка", "", "x" * UNPACKED_BYTES, "карточка " * 5_000):
            tab.send(said)
            assert tab.recv() == said
    with connect(f"ws://127.0.0.1:{port}/tab", compression=None) as tab:
        tab.send("plain")
        assert tab.recv() == "plain" and tab.response is not None
        assert "Sec-WebSocket-Extensions" not in tab.response.headers


def test_a_file_is_sent_whole_and_in_part(port: int, content: bytes) -> None:
    assert httpx.get(f"http://127.0.0.1:{port}/file").content == content
    assert httpx.head(f"http://127.0.0.1:{port}/file").headers["content-length"] == str(len(content))
    some = httpx.get(f"http://127.0.0.1:{port}/file", headers={"Range": "bytes=10-19"})
    assert (some.status_code, some.content) == (206, content[10:20])


def test_several_requests_come_over_one_connection(port: int) -> None:
    one, last = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    assert answer(port, one, one, last, wait_seconds=0.2).count(b"hello") == 3


def test_a_head_without_end_is_refused(port: int) -> None:
    said = answer(port, b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: ", *[b"a" * 8192] * (HEAD_BYTES // 8192 + 2))
    assert b"200" not in said[:20]


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost"])
def test_a_sender_that_stops_in_the_head_is_left(port: int, begun: bytes) -> None:
    began = time.perf_counter()
    assert b"200" not in answer(port, begun)[:20]
    assert time.perf_counter() - began < 4


def test_a_body_may_take_its_time(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\n"
    assert answer(port, head, b"ab", b"cd", wait_seconds=0.4).endswith(b"helloabcd")
