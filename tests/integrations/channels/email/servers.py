"""Real SMTP servers on loopback: one that does as told, one that swallows everything fast, and a real Postfix."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def read(content: bytes) -> EmailMessage:
    """A letter as a mail program reads it."""
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def body_of(message: EmailMessage, kind: str) -> str:
    """The text of the "plain" or "html" part, with plain line ends."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@dataclass
class Script:
    """What the server answers; everything else it takes. Also the handler that aiosmtpd calls."""

    senders: dict[str, str] = field(default_factory=dict)
    recipients: dict[str, str] = field(default_factory=dict)
    contents: dict[str, str] = field(default_factory=dict)
    hang_up_at_recipient: set[str] = field(default_factory=set)
    hang_up_in_letter: set[str] = field(default_factory=set)
    hang_up_when_idle: bool = False
    wait_seconds: float = 0
    pipelining: bool = False
    connections: int = 0
    envelopes: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.pipelining else responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.senders.get(address, "250 2.1.0 Ok")
        if answer.startswith("250"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.hang_up_at_recipient:
            _hang_up(server)
        answer = self.recipients.get(address, "250 2.1.5 Ok")
        if answer.startswith("25"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        await asyncio.sleep(self.wait_seconds)
        if address in self.hang_up_in_letter:
            _hang_up(server)
            return "451 nobody hears this"
        answer = self.contents.get(address, f"250 2.0.0 Ok: queued as {len(self.envelopes) + 1:06X}")
        if answer.startswith("250"):
            self.envelopes.append(envelope)
            self.encrypted.append(session.ssl is not None)
            if self.hang_up_when_idle:
                asyncio.get_running_loop().call_later(0.05, _hang_up, server)
        return answer


def _hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


class CountingController(Controller):
    """Counts the connections in the script."""

    def factory(self) -> SMTP:
        self.handler.connections += 1
        return SMTP(self.handler, **self.SMTP_kwargs)


class ScriptedServer:
    """aiosmtpd in a thread of its own."""

    def __init__(self, **options: Any) -> None:
        self.script = Script()
        self.port = free_port()
        self._controller = CountingController(self.script, hostname=LOOPBACK, port=self.port, **options)

    @property
    def url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.port}"

    def letters(self) -> list[EmailMessage]:
        return [read(envelope.original_content or b"") for envelope in self.script.envelopes]

    def __enter__(self) -> ScriptedServer:
        self._controller.start()
        self.script.connections = 0  # starting knocks once
        return self

    def stop(self) -> None:
        """Also ends the connections that are open, as a server that is killed does."""
        if self._controller.loop.is_running():
            for task in asyncio.all_tasks(self._controller.loop):
                self._controller.loop.call_soon_threadsafe(task.cancel)
            self._controller.stop()

    def __exit__(self, *_: object) -> None:
        self.stop()


def one_login(user: str, password: str) -> Any:
    """An authenticator that knows one user."""

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        known = (given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=known, handled=False)

    return check


def server_tls(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


def wait_for_port(port: int, process: subprocess.Popen[bytes] | None = None, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process is None or process.poll() is None, "the server has ended"
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on port {port}")


@contextlib.contextmanager
def load_target() -> Iterator[int]:
    """The port of a server that takes whatever comes: Postfix's smtp-sink, or aiosmtpd where that isn't installed."""
    program = _program("smtp-sink")
    if not program:
        with ScriptedServer() as server:
            yield server.port
        return
    port = free_port()
    as_user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen(
        [program, *as_user, f"{LOOPBACK}:{port}", "1000"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_port(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def has_postfix() -> bool:
    """Whether a private Postfix can be started: it is installed, and we may change users as its master does."""
    return os.geteuid() == 0 and bool(_program("postfix"))


def _program(name: str) -> str:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or ""


MAIN_CF = """
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/state
maillog_file = {root}/postfix.log
maillog_file_prefixes = {root}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mta.demo.example
mydestination =
local_recipient_maps =
alias_maps =
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = demo.example
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = inline:{{ {{ ann@demo.example = ann/ }} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
default_transport = error:nothing leaves this machine
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_mynetworks, reject
"""
MASTER_CF = """
{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
proxymap unix - - n - - proxymap
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
"""


@dataclass
class PrivatePostfix:
    """A Postfix of our own under one folder, which delivers to Maildirs and to nowhere else."""

    root: Path
    port: int

    def mails(self, user: str, count: int, seconds: float = 30) -> list[EmailMessage]:
        """What lies in a Maildir once it holds `count` mails."""
        folder = self.root / "mail" / user / "new"
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = list(folder.iterdir()) if folder.is_dir() else []
            if len(found) >= count:
                return [read(path.read_bytes()) for path in found]
            time.sleep(0.1)
        raise TimeoutError((self.root / "postfix.log").read_text())


@contextlib.contextmanager
def private_postfix(root: Path) -> Iterator[PrivatePostfix]:
    import pwd

    postfix = pwd.getpwnam("postfix")
    port = free_port()
    config, names = root / "etc", {"root": root, "port": port, "uid": postfix.pw_uid, "gid": postfix.pw_gid}
    for folder in (config, root / "queue", root / "state", root / "mail"):
        folder.mkdir()
    for folder in (root / "state", root / "mail"):
        os.chown(folder, postfix.pw_uid, postfix.pw_gid)
    (config / "main.cf").write_text(MAIN_CF.format(**names))
    (config / "master.cf").write_text(MASTER_CF.format(**names))
    command = [_program("postfix"), "-c", str(config)]
    subprocess.run([*command, "start"], check=True, capture_output=True, timeout=60)
    try:
        wait_for_port(port)
        yield PrivatePostfix(root, port)
    finally:
        subprocess.run([*command, "stop"], check=True, capture_output=True, timeout=60)
