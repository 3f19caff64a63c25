"""DKIM signatures (RFC 6376): rsa-sha256, header relaxed, body simple.

Written here because the bodies and headers we sign are our own, so that a signature costs little more than the RSA
operation; a test has every signature checked by an independent verifier.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from crm_app.core.errors import BadInput

# named once more than they occur, so that nobody can add another; RFC 8058 wants both unsubscribe fields signed
OVERSIGNED = (b"from", b"to", b"subject", b"date", b"reply-to", b"list-unsubscribe", b"list-unsubscribe-post")
SIGNED = frozenset((*OVERSIGNED, b"message-id", b"mime-version", b"content-type", b"list-id"))
LINE_LENGTH = 72
_FOLD = re.compile(rb"[ \t\r\n]+")


@dataclass(frozen=True)
class DkimSigner:
    """Signs for one domain with one key, whose public half is at <selector>._domainkey.<domain>."""

    domain: str
    selector: str
    key: RSAPrivateKey

    def sign(self, fields: Sequence[bytes], body: bytes) -> bytes:
        """The DKIM-Signature field of a letter. fields: whole header fields, each with its CRLF."""
        relaxed = [_relaxed(field) for field in fields]
        signed = [(name, value) for name, value in relaxed if name in SIGNED]
        names = [name for name, _ in signed] + list(OVERSIGNED)
        unsigned = self._unsigned(names, body)
        # of fields of one name the last is taken first; ours are all different
        to_sign = b"".join(b"%s:%s\r\n" % pair for pair in signed) + b"dkim-signature:" + _relaxed(unsigned)[1]
        signature = base64.b64encode(self.key.sign(to_sign, PKCS1v15(), SHA256()))
        lines = [signature[start : start + LINE_LENGTH] for start in range(0, len(signature), LINE_LENGTH)]
        return unsigned + b"\r\n " + b"\r\n ".join(lines) + b"\r\n"

    def _unsigned(self, names: Sequence[bytes], body: bytes) -> bytes:
        digest = base64.b64encode(hashlib.sha256(body.rstrip(b"\r\n") + b"\r\n").digest())
        return b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=%s; s=%s;\r\n h=%s;\r\n bh=%s;\r\n b=" % (
            self.domain.encode("ascii"),
            self.selector.encode("ascii"),
            b":\r\n ".join(names),
            digest,
        )


def read_signer(domain: str, selector: str, key_file: Path) -> DkimSigner:
    """Raises BadInput when the file holds no usable RSA key."""
    try:
        key = load_pem_private_key(key_file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise BadInput("messages.error.dkim_key", file=str(key_file)) from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < 1024:
        raise BadInput("messages.error.dkim_key", file=str(key_file))
    return DkimSigner(domain, selector, key)


def _relaxed(field: bytes) -> tuple[bytes, bytes]:
    name, _, value = field.partition(b":")
    return name.strip().lower(), _FOLD.sub(b" ", value).strip()
