"""Hands letters to an SMTP server over one connection that is kept, and says what the server answered."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from crm_app.messages.channel import Answer, ChannelAway, Deferred, Letter, Receipt, Undeliverable

from .smtp_url import SmtpServer

CLOSING = 421
ANSWER_LENGTH = 500
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")
_TAKEN, _GO_ON = (250, 251), 354
_DOT = re.compile(rb"^\.", re.MULTILINE)
_LINE_END, _END = b"\r\n", b"\r\n.\r\n"
_NOTHING: Iterator[Answer] = iter(())
_PLAIN = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
_LOST = (smtplib.SMTPServerDisconnected, OSError)


class SmtpSender:
    """An SMTP connection; opened anew when it is lost, or has carried as many letters as the server wants."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None
        self._carried = 0

    def __enter__(self) -> Self:
        self._connect()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._disconnect()

    def send(self, letter: Letter, meanwhile: Callable[[], None] = lambda: None) -> Receipt:
        """Hand one letter over. meanwhile: done while the server takes it in.

        Raises Undeliverable (the server said never), Deferred (it said later, or the connection broke in the middle
        of this letter while the server is alive) or ChannelAway (no server, or it does not take letters from us).
        """
        answers = self._announce(letter)
        try:
            answer = self._deliver(letter, answers, meanwhile)
        except _LOST as error:
            # Once more at once could loop for ever over a letter that makes the server hang up: so it waits its turn.
            # If the server is gone altogether, this connect says so, and the letter has used up no attempt.
            self._disconnect()
            self._connect()
            raise Deferred("messages.error.connection_lost") from error
        self._carried += 1
        return Receipt(letter.key, answer)

    def _announce(self, letter: Letter) -> Iterator[Answer]:
        """MAIL FROM, over a fresh connection where the old one was closed while idle. Gives the answers to the rest."""
        if self._carried >= self._server.letters_per_connection:
            self._disconnect()
        answer, rest = self._first_answer(letter) if self._connection else (None, _NOTHING)
        if answer is None or answer.code == CLOSING:
            self._disconnect()
            self._connect()
            answer, rest = self._first_answer(letter)
        if answer is None:
            self._disconnect()
            raise ChannelAway("messages.error.smtp_away", server=self._server.host, why="")
        if answer.code != 250:
            # said before any recipient was named: it is about us, and would be said for each of the others too
            self._disconnect()
            raise ChannelAway("messages.error.sender_refused", answer, sender=letter.sender)
        return rest

    def _first_answer(self, letter: Letter) -> tuple[Answer | None, Iterator[Answer]]:
        """The answer to MAIL FROM, or None when the connection is gone; and the answers to the rest, as they come."""
        answers = self._ask(f"MAIL FROM:{_path(letter.sender)}", f"RCPT TO:{_path(letter.address)}", "DATA")
        try:
            return next(answers), answers
        except _LOST:
            return None, _NOTHING

    def _ask(self, *commands: str) -> Iterator[Answer]:
        """The answers to some commands: sent all at once where the server knows PIPELINING (RFC 2920), else in turn."""
        assert self._connection
        if self._pipelines:
            self._connection.send("".join(f"{command}\r\n" for command in commands))
        for command in commands:
            if not self._pipelines:
                self._connection.putcmd(command)
            yield _answer(*self._connection.getreply())

    @property
    def _pipelines(self) -> bool:
        return self._connection is not None and self._connection.has_extn("pipelining")

    def _deliver(self, letter: Letter, answers: Iterator[Answer], meanwhile: Callable[[], None]) -> Answer:
        assert self._connection
        answer = next(answers)
        if answer.code in _TAKEN:
            answer = next(answers)
            if answer.code == _GO_ON:
                self._connection.send(_stuffed(letter.content))
                meanwhile()
                answer = _answer(*self._connection.getreply())
        elif self._pipelines and next(answers).code == _GO_ON:
            self._connection.send(b".\r\n")  # it waits for a letter that nobody is to get
            self._connection.getreply()
        if 200 <= answer.code < 300:
            return answer
        self._forget(answer)
        if answer.code >= 500:
            raise Undeliverable("messages.error.refused", answer)
        raise Deferred("messages.error.later", answer)

    def _forget(self, answer: Answer) -> None:
        """Clear the refused letter from the server's memory, so that the connection can carry the next."""
        assert self._connection
        if answer.code == CLOSING:
            self._disconnect()
            return
        try:
            self._connection.rset()
        except _LOST:
            self._disconnect()

    def _connect(self) -> None:
        server = self._server
        try:
            connection = self._dial()
            if server.starttls and not server.tls and connection.has_extn("starttls"):
                connection.starttls(context=server.tls_context())
                connection.ehlo()
            self._log_in(connection)
        except smtplib.SMTPAuthenticationError as error:
            answer = _answer(error.smtp_code, error.smtp_error)
            raise ChannelAway("messages.error.smtp_login", answer, server=server.host) from error
        except smtplib.SMTPResponseException as error:
            answer = _answer(error.smtp_code, error.smtp_error)
            raise ChannelAway("messages.error.smtp_away", answer, server=server.host, why=str(answer)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelAway("messages.error.smtp_away", server=server.host, why=_reason(error)) from error
        self._connection = connection
        self._carried = 0

    def _dial(self) -> smtplib.SMTP:
        server = self._server
        name, seconds = server.own_name, server.timeout_seconds
        connection = (
            smtplib.SMTP_SSL(server.host, server.port, name, timeout=seconds, context=server.tls_context())
            if server.tls
            else smtplib.SMTP(server.host, server.port, name, timeout=seconds)
        )
        connection.ehlo_or_helo_if_needed()
        return connection

    def _log_in(self, connection: smtplib.SMTP) -> None:
        server = self._server
        if not server.user:
            return
        encrypted = isinstance(connection.sock, ssl.SSLSocket)
        if not encrypted and server.starttls and not server.is_loopback:
            # somebody on the way may have struck STARTTLS from the server's offer to get at the password
            connection.close()
            raise ChannelAway("messages.error.smtp_unsafe", server=server.host)
        connection.login(server.user, server.password)

    def _disconnect(self) -> None:
        if self._connection is None:
            return
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self._connection.quit()
        self._connection.close()
        self._connection = None


def _answer(code: int, text: bytes | str) -> Answer:
    """What a server said: its enhanced status parted from the words, several lines made one."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    match = _ENHANCED.match(said)
    status = match[1] if match else ""
    lines = (line.strip().removeprefix(status).strip() for line in said.splitlines())
    return Answer(code, " ".join(lines)[:ANSWER_LENGTH], status)


def _stuffed(content: bytes) -> bytes:
    """A letter with its end, lines that begin with a dot given another (RFC 5321, 4.5.2)."""
    if content.startswith(b".") or b"\n." in content or b"\r." in content:
        content = _DOT.sub(b"..", content)
    return content.removesuffix(_LINE_END) + _END


def _path(address: str) -> str:
    """An address as SMTP names it; the library's slow way is for what is not plain. Raises ValueError for two lines."""
    path = f"<{address}>" if _PLAIN.fullmatch(address) else smtplib.quoteaddr(address)
    if "\r" in path or "\n" in path:
        raise ValueError("an address of more than one line")
    return path


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
