"""Letters: what is the same for all recipients is built once, the personal parts for each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from hashlib import blake2s
from html import escape, unescape

from crm_app.messages.channel import Letter, Preview, Recipient, Text, Undeliverable
from crm_app.messages.merge import UNSUBSCRIBE, clean_values, one_line, parse

from . import look
from .address import ascii_address
from .dkim import DkimSigner
from .headers import address_field, field, text_field
from .parts import text_part

ONE_CLICK = field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
_WEB_ADDRESS = re.compile(r"https?://[!#-;=?-~]+")
_KEY = re.compile(r"[A-Za-z0-9._-]{1,128}")
_TAG = re.compile(r"<[^>]*>")


class LetterStencil:
    """A mailing's letter, cut out once. Holds no recipient, so that any number of threads may fill it."""

    def __init__(self, text: Text, signer: DkimSigner | None = None) -> None:
        """text: one without problems, see EmailChannel.check."""
        self._sender = ascii_address(text.sender.address)
        self._domain = self._sender.rpartition("@")[2]
        self._signer = signer
        self._title = parse(one_line(text.title))
        body = look.body_html(text)
        self._html = parse(look.whole_html(body, one_line(text.title), text.locale), read=_plain)
        self._text = parse(look.body_text(body))
        boundary = "=_" + blake2s(body.encode("utf-8", "replace"), digest_size=12).hexdigest()
        self._fixed = self._fixed_fields(text, boundary)
        self._text_part = text_part(self._text, "plain")
        self._html_part = text_part(self._html, "html", escape)
        # "=_" stands in no quoted-printable and no base64, so that no part can hold the boundary
        self._open = f"--{boundary}\r\n".encode("ascii")
        self._between = f"\r\n--{boundary}\r\n".encode("ascii")
        self._close = f"\r\n--{boundary}--\r\n".encode("ascii")

    def fill(self, recipient: Recipient, at: datetime) -> Letter:
        """The letter of one recipient, as it goes over the wire. at: aware; becomes the Date."""
        address = ascii_address(recipient.address)
        if not address:
            raise Undeliverable("messages.error.bad_address", address=recipient.address)
        values = clean_values(recipient.values)
        fields = self._personal_fields(recipient, address, values, at)
        body = b"".join(
            (
                self._open,
                self._text_part.header,
                self._text_part.fill(values),
                self._between,
                self._html_part.header,
                self._html_part.fill(values),
                self._close,
            )
        )
        if self._signer:
            fields.insert(0, self._signer.sign(fields, body))
        return Letter(recipient.key, self._sender, address, b"".join((*fields, b"\r\n", body)))

    def preview(self, values: Mapping[str, str]) -> Preview:
        """The letter as it reads with these values."""
        values = clean_values(values)
        return Preview(self._title.fill(values), self._text.fill(values), self._html.fill(values, escape))

    def _personal_fields(
        self, recipient: Recipient, address: str, values: Mapping[str, str], at: datetime
    ) -> list[bytes]:
        assert _KEY.fullmatch(recipient.key), f"{recipient.key!r} can't stand in a Message-ID"
        fields = [
            *self._fixed,
            address_field("To", address, recipient.name),
            text_field("Subject", self._title.fill(values)),
            field("Date", format_datetime(at)),
            field("Message-ID", f"<{recipient.key}@{self._domain}>"),
        ]
        unsubscribe = values.get(UNSUBSCRIBE)
        if unsubscribe:
            assert _WEB_ADDRESS.fullmatch(unsubscribe), f"{unsubscribe!r} is no web address"
            fields += [field("List-Unsubscribe", f"<{unsubscribe}>"), ONE_CLICK]
        return fields

    def _fixed_fields(self, text: Text, boundary: str) -> list[bytes]:
        fields = [address_field("From", self._sender, text.sender.name)]
        if text.reply_to:
            fields.append(address_field("Reply-To", ascii_address(text.reply_to)))
        if text.list_key:
            fields.append(address_field("List-Id", f"{text.list_key}.{self._domain}", text.list_name))
        fields.append(field("MIME-Version", "1.0"))
        fields.append(field("Content-Type", f'multipart/alternative;\r\n boundary="{boundary}"'))
        return fields


def _plain(fallback: str) -> str:
    return unescape(_TAG.sub("", fallback))
