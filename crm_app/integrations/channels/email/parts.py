"""Text parts of a letter, transfer-encoded once as far as they are the same for everybody."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Mapping
from typing import Protocol

from crm_app.messages.merge import Template

_LINE_END = re.compile(r"\r\n|\r|\n")
_SOFT_BREAK = b"=\r\n"
_LINE = 76


class Part(Protocol):
    """One part: its own header and, for each recipient, its body."""

    header: bytes

    def fill(self, values: Mapping[str, str]) -> bytes: ...


def text_part(template: Template, subtype: str, escape: Callable[[str], str] = str) -> Part:
    """The part in the shorter of the two encodings: Cyrillic text in base64, mostly ASCII in quoted-printable."""
    template = Template(tuple(_LINE_END.sub("\r\n", p) if isinstance(p, str) else p for p in template.pieces))
    literal = "".join(piece for piece in template.pieces if isinstance(piece, str)).encode("utf-8", "replace")
    shorter = Base64Part if len(literal) * 4 / 3 < len(binascii.b2a_qp(literal)) else QuotedPart
    return shorter(template, subtype, escape)


def _header(subtype: str, encoding: str) -> bytes:
    return (f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n').encode(
        "ascii"
    )


class QuotedPart:
    """Quoted-printable: all but the fields is encoded beforehand; soft line breaks hold the pieces together."""

    def __init__(self, template: Template, subtype: str, escape: Callable[[str], str]) -> None:
        self.header = _header(subtype, "quoted-printable")
        self._escape = escape
        self._pieces = [_quoted(piece) if isinstance(piece, str) else piece for piece in template.pieces]

    def fill(self, values: Mapping[str, str]) -> bytes:
        return _SOFT_BREAK.join(
            piece if isinstance(piece, bytes) else _quoted(self._escape(values.get(piece.name) or piece.fallback))
            for piece in self._pieces
        )


def _quoted(text: str) -> bytes:
    # b2a_qp breaks lines with a bare LF unless the text happens to hold a CRLF
    lines = binascii.b2a_qp(text.replace("\r\n", "\n").encode("utf-8", "replace"))
    return lines.replace(b"\n", b"\r\n")


class Base64Part:
    """Base64: three bytes make four characters, so that a piece can't be encoded without those before it."""

    def __init__(self, template: Template, subtype: str, escape: Callable[[str], str]) -> None:
        self.header = _header(subtype, "base64")
        self._template = template
        self._escape = escape
        self._whole = None if template.fields else _base64(template.fill({}))

    def fill(self, values: Mapping[str, str]) -> bytes:
        return self._whole or _base64(self._template.fill(values, self._escape))


def _base64(text: str) -> bytes:
    whole = binascii.b2a_base64(text.encode("utf-8", "replace"), newline=False)
    lines = [whole[start : start + _LINE] for start in range(0, len(whole), _LINE)]
    return b"\r\n".join((*lines, b""))
