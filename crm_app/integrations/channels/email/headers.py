"""Header fields, encoded by the standard library; a value can't end its field or start another."""

from __future__ import annotations

from collections.abc import Iterator
from email import base64mime
from email.utils import formataddr

from crm_app.messages.merge import one_line

# "Subject: " and an encoded word of 39 bytes make 73 characters: RFC 2047 allows 76 a line
WORD_BYTES = 39
PLAIN_LENGTH = 60


def field(name: str, value: str) -> bytes:
    """One header field of an already encoded value."""
    assert value.isascii(), f"{name}: {value!r} was not encoded"
    return f"{name}: {value}\r\n".encode("ascii")


def text_field(name: str, text: str) -> bytes:
    """A field of free text, such as Subject."""
    text = one_line(text)
    return field(name, text if _is_plain(text) else "\r\n ".join(_encoded_words(text)))


def address_field(name: str, address: str, shown: str = "") -> bytes:
    """A field of one address with the name that is shown. address: as ascii_address made it."""
    shown = one_line(shown)
    if _is_plain(shown):
        value = formataddr((shown, address)) if shown else address
        return field(name, value if len(value) <= PLAIN_LENGTH else value.replace(f" <{address}>", f"\r\n <{address}>"))
    return field(name, "\r\n ".join((*_encoded_words(shown), f"<{address}>")))


def _is_plain(text: str) -> bool:
    # "=?" could pass for an encoded word
    return text.isascii() and len(text) <= PLAIN_LENGTH and "=?" not in text


def _encoded_words(text: str) -> Iterator[str]:
    encoded = text.encode("utf-8", "replace")
    start = 0
    while start < len(encoded):
        end = min(start + WORD_BYTES, len(encoded))
        while end < len(encoded) and encoded[end] & 0xC0 == 0x80:  # never in the middle of a character
            end -= 1
        yield base64mime.header_encode(encoded[start:end], "utf-8")
        start = end
