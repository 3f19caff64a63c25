"""Names that go out with a letter: its stable key, and the signed token of its link to unsubscribe."""

from __future__ import annotations

from hashlib import blake2s

from itsdangerous import BadSignature, URLSafeSerializer

from crm_app.core.errors import NotFound

_SALT = "mailings.unsubscribe"


def delivery_key(installation_id: str, delivery_id: int) -> str:
    """The same at each attempt and in each process, different in each installation: the left half of a Message-ID."""
    digest = blake2s(f"{installation_id}:{delivery_id}".encode(), digest_size=8).hexdigest()
    return f"{delivery_id}.{digest}"


def unsubscribe_token(secret: str, delivery_id: int) -> str:
    """Names a delivery in a link. It never expires: letters are read years later, and their links must work."""
    return _signer(secret).dumps(delivery_id)


def read_unsubscribe_token(secret: str, token: str) -> int:
    """The delivery that a token names. Raises NotFound for one that we did not sign."""
    try:
        return int(_signer(secret).loads(token))
    except (BadSignature, ValueError, TypeError):
        raise NotFound("mailings.error.unsubscribe_link") from None


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=_SALT)
