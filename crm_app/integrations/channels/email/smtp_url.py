"""CRM_SMTP_URL: smtp://user:password@host:port, or smtps:// for TLS from the first byte."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qsl, unquote, urlsplit

from crm_app.core.errors import BadInput

PORTS = {"smtp": 25, "smtps": 465}
TIMEOUT_SECONDS = 30.0
# servers often cap what one connection may send; Postfix and Exchange allow more, Yandex and Mail.ru about this
LETTERS_PER_CONNECTION = 100
NO = ("no", "0", "off")


@dataclass(frozen=True)
class SmtpServer:
    """Where letters are handed in, and how."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    starttls: bool = True
    verify: bool = True
    timeout_seconds: float = TIMEOUT_SECONDS
    letters_per_connection: int = LETTERS_PER_CONNECTION
    helo: str = ""

    @property
    def is_loopback(self) -> bool:
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def own_name(self) -> str:
        """What we call ourselves in EHLO; asking the resolver for it can take seconds, so nobody is asked."""
        name = self.helo or socket.gethostname()
        return name if "." in name else "[127.0.0.1]"

    def tls_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not self.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def read_smtp_url(url: str) -> SmtpServer:
    """Raises BadInput, whose text never shows the password.

    After `?`: starttls=no (never encrypt), verify=no (accept any certificate), timeout=SECONDS, helo=NAME,
    letters=COUNT (how many letters one connection carries).
    """
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        server = SmtpServer(
            host=parts.hostname or "",
            port=port,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=parts.scheme == "smtps",
            starttls=options.pop("starttls", "yes") not in NO,
            verify=options.pop("verify", "yes") not in NO,
            timeout_seconds=float(options.pop("timeout", TIMEOUT_SECONDS)),
            letters_per_connection=int(options.pop("letters", LETTERS_PER_CONNECTION)),
            helo=options.pop("helo", ""),
        )
    except (ValueError, KeyError):
        raise BadInput("messages.error.smtp_url") from None
    if not server.host or options or parts.path not in ("", "/") or server.letters_per_connection < 1:
        raise BadInput("messages.error.smtp_url")
    return server
