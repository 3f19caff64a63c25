"""A client on the web socket only, the protocol spelled out: Engine.IO 4 and Socket.IO 5 by hand, and no browser."""

from __future__ import annotations

import json
import socket
import time
import uuid
from types import TracebackType
from typing import Any
from urllib.parse import urlencode, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

HYDRATE = "reflex___state____state.hydrate_and_load"
LAST_PAGE = "/the-page-after-the-last"
MOST_SECONDS = 90
"""As long as a tab may take for all that is sent to it, on a busy machine."""
_SPACE = "/_event"


class Tab:
    """One socket. cookie: of a session, or ""; number: picks the address on the loopback that it comes from."""

    def __init__(self, origin: str, cookie: str = "", number: int = 0, token: str = "") -> None:
        self.origin = origin
        address = urlsplit(origin)
        plain = socket.create_connection(
            ("127.0.0.1", address.port),
            timeout=20,
            source_address=(f"127.0.{number // 250 % 250}.{2 + number % 250}", 0),
        )
        self.port: int = plain.getsockname()[1]
        query = f"token={token or uuid.uuid4()}&EIO=4&transport=websocket"
        headers = {"Cookie": f"crm_session={cookie}"} if cookie else {}
        self._connection = connect(
            f"ws://{address.netloc}{_SPACE}/?{query}",
            sock=plain,
            origin=origin,  # type: ignore[arg-type]
            additional_headers=headers,
            max_size=None,
        )
        self.frames: list[str] = []

    def __enter__(self) -> Tab:
        self._socket = self._connection.__enter__()
        self._expect("0")
        self._socket.send(f"40{_SPACE},")
        self._expect("40")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.__exit__(kind, value, trace)

    def send(self, name: str, payload: Any, path: str = "/", **query: str) -> None:
        """Send one event, as a browser on that page would."""
        address = f"{path}?{urlencode(query)}" if query else path
        router = {"pathname": path, "asPath": address, "query": query}
        self.send_raw({"name": name, "payload": payload, "router_data": router})

    def send_raw(self, message: Any) -> None:
        """Send anything in the place of an event."""
        self._socket.send(f"42{_SPACE}," + json.dumps(["event", message]))

    def finish(self) -> list[str]:
        """Every frame that came, once all that was sent has been done: events of one tab are done one after another.

        At the end the tab asks for its whole state, as a browser does that comes back; that is the last frame.
        """
        self.send(HYDRATE, {"vars": {}, "hashes": ["last"]}, LAST_PAGE)
        give_up = time.monotonic() + MOST_SECONDS
        try:
            while not _is_whole_state(self.frames[-1]):
                assert time.monotonic() < give_up, "the tab is never answered again"
                self._receive(timeout=MOST_SECONDS)
        except ConnectionClosed as closed:
            self.frames.append(f"closed by the server: {closed}")
        return self.frames

    def wait_for(self, text: str) -> str:
        """The first frame with a text in it, of those that came and those that come."""
        give_up = time.monotonic() + MOST_SECONDS
        seen = 0
        while not (found := [frame for frame in self.frames[seen:] if text in frame]):
            seen = len(self.frames)
            assert time.monotonic() < give_up, f"{text!r} never came"
            self._receive(timeout=MOST_SECONDS)
        return found[0]

    def _expect(self, start: str) -> None:
        """Read until the answer to a greeting; a tab may be given a new token before it."""
        while not self.frames or not self.frames[-1].startswith(start):
            self._receive(timeout=20)

    def _receive(self, timeout: float) -> None:
        frame = str(self._socket.recv(timeout=timeout))
        if frame == "2":
            self._socket.send("3")
        else:
            self.frames.append(_plain(frame))


def _is_whole_state(frame: str) -> bool:
    return '"is_hydrated_rx_state_": false' in frame and LAST_PAGE in frame


def _plain(frame: str) -> str:
    """A frame with its letters as they are, not as escapes."""
    head, comma, content = frame.partition(",")
    return head + comma + json.dumps(json.loads(content), ensure_ascii=False) if content.startswith("[") else frame
