"""When a form was shown, signed into it: it can neither be sent at once by a program nor be kept for ever."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from itsdangerous import BadSignature, URLSafeSerializer

from crm_app.core.secret import key_for

LONGEST = 200


@dataclass(frozen=True)
class Stamp:
    """When a form was shown, and a name of that one showing."""

    at: datetime
    nonce: str


def make_stamp(form_key: str, now: datetime) -> str:
    """The stamp of a form that is being shown."""
    return _signer().dumps([form_key, int(now.timestamp()), secrets.token_urlsafe(9)])


def read_stamp(form_key: str, text: str) -> Stamp | None:
    """The stamp of a form that has come back; None for one that we did not sign, or signed for another form."""
    try:
        key, at, nonce = _signer().loads(text[:LONGEST])
    except (BadSignature, ValueError, TypeError):
        return None
    return Stamp(datetime.fromtimestamp(at, UTC), nonce) if key == form_key else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(key_for("intake.form"), salt="stamp")
