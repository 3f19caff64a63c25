"""E-mail addresses in the form that SMTP takes."""

from __future__ import annotations

import re
from functools import lru_cache

import idna

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}$)(?:{_LABEL}\.)*{_LABEL}")


def ascii_address(address: str) -> str:
    """local@domain with an international domain in its ASCII form (xn--…), lower case; "" when it is no address.

    Quoted and non-ASCII local parts are refused: many servers can't receive them.
    """
    local, at, domain = address.strip().rpartition("@")
    if not at or len(local) > 64 or not _LOCAL.fullmatch(local):
        return ""
    domain = _ascii_domain(domain)
    return f"{local}@{domain}" if domain else ""


@lru_cache(maxsize=4096)
def _ascii_domain(domain: str) -> str:
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError:
            return ""
    return domain.lower() if _DOMAIN.fullmatch(domain) else ""
