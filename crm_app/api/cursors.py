"""Cursors as programs get them: sealed, so that a list only ever sees places that it gave out itself.

A list's own cursor may hold names and amounts of a type that its order needs; whoever could write one by hand could
make the database compare a number with a text. The seal covers the list and its order as well.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from crm_app.core.errors import BadInput
from crm_app.core.secret import key_for

_SEAL_BYTES = 12


def seal(listing: str, place: str | None) -> str | None:
    """A place in a list as a word for programs; None at the end of it. listing: names the list and its order."""
    if not place:
        return None
    raw = place.encode()
    return base64.urlsafe_b64encode(_mark(listing, raw) + raw).decode().rstrip("=")


def unseal(listing: str, cursor: str | None) -> str:
    """The place that a cursor names, "" for none. Raises BadInput for a cursor that this list did not give out."""
    if not cursor:
        return ""
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        raw = sealed[_SEAL_BYTES:]
        if hmac.compare_digest(sealed[:_SEAL_BYTES], _mark(listing, raw)):
            return raw.decode()
    except (ValueError, binascii.Error):
        pass
    raise BadInput("api.error.bad_cursor", field="after")


def _mark(listing: str, raw: bytes) -> bytes:
    return hmac.digest(key_for("cursors"), listing.encode() + b"\0" + raw, hashlib.sha256)[:_SEAL_BYTES]
