"""The web server of a process: uvicorn, with bounds on the head of a request and sockets that weigh little.

A socket that only listens costs it 11 kB, where granian keeps 155 kB of buffers (docs/decisions/0005-web-server.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Event
from wsproto.extensions import PerMessageDeflate
from wsproto.frame_protocol import FrameDecoder, FrameProtocol, Opcode, RsvBits
from wsproto.handshake import H11Handshake

from crm_app.core.small_queue import SmallFlag, SmallQueue

HEAD_BYTES, HEAD_SECONDS = 64 * 1024, 30.0
"""Of a request's first line and headers: what a browser or program sends is a tenth of it, at once."""
KEEP_ALIVE_SECONDS = 75
SOCKET_BYTES = 16 * 1024 * 1024
PIECE_BYTES = 256 * 1024
BACKLOG = 2048
UNPACKED_BYTES = 512
"""Shorter messages of a socket are sent as they are: there is little to save."""


class _BoundedHttp(HttpToolsProtocol):
    """HTTP/1.1 whose heads come to an end, in size and in time."""

    _head_bytes = 0
    _in_head = True
    _head_ends: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_message_begin(self) -> None:
        self._wait_for_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._forget_head()
        super().on_headers_complete()

    def _wait_for_head(self) -> None:
        self._forget_head()
        self._in_head, self._head_bytes = True, 0
        self._head_ends = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _forget_head(self) -> None:
        self._in_head = False
        if self._head_ends is not None:
            self._head_ends.cancel()
            self._head_ends = None


class _SmallSocket(WSProtocol):
    """A web socket that keeps only what it needs while it is idle."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.conn = _PacksEachAlone(ConnectionType.SERVER)
        self.queue = SmallQueue()  # type: ignore[assignment]
        self.writable = SmallFlag(is_set=True)  # type: ignore[assignment]


class _PacksEachAlone(WSConnection):
    """Messages are packed each by itself: what was sent before would cost a socket 90 to 300 kB."""

    def send(self, event: Event) -> bytes:
        if not isinstance(event, AcceptConnection):
            return super().send(event)
        packer = _Packer(client_no_context_takeover=True, server_no_context_takeover=True)
        said = super().send(replace(event, extensions=[packer]))
        if self.connection is not None:
            self.handshake = _OVER
        return said


class _HandshakeOver(H11Handshake):
    """Stands for a handshake that is over: its HTTP connection and headers, 4 kB, are let go."""

    def __init__(self) -> None:
        """Nothing to keep."""

    def events(self) -> Iterator[Event]:  # type: ignore[override]
        """None: they have all been given."""
        return iter(())


_OVER = _HandshakeOver()


class _Packer(PerMessageDeflate):
    def frame_outbound(
        self, proto: FrameDecoder | FrameProtocol, opcode: Opcode, rsv: RsvBits, data: bytes, fin: bool
    ) -> tuple[RsvBits, bytes]:
        if fin and opcode is not Opcode.CONTINUATION and len(data) < UNPACKED_BYTES:
            return rsv, data
        return super().frame_outbound(proto, opcode, rsv, data, fin)


class _SendsFiles:
    """Adds what uvicorn lacks: an application may name the file that it answers with (ASGI's pathsend extension)."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return

        async def send_file_too(message: Message) -> None:
            if message["type"] == "http.response.pathsend":
                await _send_file(message["path"], send)
            else:
                await send(message)

        extensions = {**scope.get("extensions", {}), "http.response.pathsend": {}}
        await self._application({**scope, "extensions": extensions}, receive, send_file_too)


async def _send_file(path: str, send: Send) -> None:
    """The content of a file as an answer's body, a piece at a time: the length was told with the headers."""
    file = await asyncio.to_thread(open, path, "rb")
    with file:
        more = True
        while more:
            piece = await asyncio.to_thread(file.read, PIECE_BYTES)
            more = len(piece) == PIECE_BYTES
            await send({"type": "http.response.body", "body": piece, "more_body": more})


class WebServer(uvicorn.Server):
    """Serves an ASGI application until `stop`: open sockets are told that the server restarts, and are closed."""

    def __init__(self, application: ASGIApp, close_seconds: int = 2) -> None:
        config = uvicorn.Config(
            _SendsFiles(application), http=_BoundedHttp, ws=_SmallSocket, ws_max_size=SOCKET_BYTES,
            ws_ping_interval=None, lifespan="on",
            interface="asgi3",
            log_config=None, log_level="error", access_log=False, proxy_headers=False, server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS, timeout_graceful_shutdown=close_seconds,
        )  # fmt: skip
        super().__init__(config)

    def stop(self) -> None:
        """End soon. May be called from another thread."""
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the program's own affair."""
        yield

    async def listen(self, host: str, port: int, *, shared: bool = False) -> None:
        """Serve on an address. shared: other processes listen there too, and the kernel spreads connections."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # named as TCP: asyncio sends at once on such sockets alone, on others an answer in two parts takes 40 ms
        with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if shared:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listener.bind((host, port))
            listener.listen(BACKLOG)
            await self.serve([listener])
