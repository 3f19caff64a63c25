"""Passwords: Argon2id, and what a password must be. Slow on purpose: never called inside a transaction."""

from __future__ import annotations

import hashlib
import secrets

from pwdlib import PasswordHash

from crm_app.core.errors import BadInput

SHORTEST, LONGEST = 8, 200
_hasher = PasswordHash.recommended()
_NOBODYS = ""


def hash_password(password: str) -> str:
    """The hash to store. Raises BadInput where the password is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput("access.error.password_length", field="password", shortest=SHORTEST, longest=LONGEST)
    return _hasher.hash(password)


def verify_password(password: str, stored: str) -> bool:
    """Whether the password is the one; takes as long where there is no account (`stored` is "")."""
    global _NOBODYS
    if not _NOBODYS:
        _NOBODYS = _hasher.hash(secrets.token_urlsafe(16))
    right = _hasher.verify(password[:LONGEST], stored or _NOBODYS)
    return right and bool(stored)


def new_token() -> str:
    """A random secret of 256 bits for a cookie, a link or a key."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token: enough to know it again, useless to a thief."""
    return hashlib.sha256(token.encode()).hexdigest()
