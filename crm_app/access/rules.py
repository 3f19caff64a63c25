"""What must be true of logins: pure, the time comes in as an argument."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from crm_app.core.errors import BadInput, TooMany
from crm_app.core.folding import one_line

FREE_FAILURES = 4
"""Wrong passwords in a row before the first pause."""
ADDRESS_FREE_FAILURES = 20
"""The same for an address: an office shares one."""
LONGEST_PAUSE = timedelta(minutes=15)
FORGIVEN_AFTER = timedelta(hours=1)
IDLE = timedelta(days=14)
"""A session ends when it has not been used for so long …"""
ABSOLUTE = timedelta(days=60)
"""… and in any case so long after the login."""
INVITATION_LASTS = timedelta(hours=72)

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def pause_after(failures: int, *, free: int = FREE_FAILURES) -> timedelta:
    """How long to wait after so many wrong passwords in a row: nothing at first, then doubled each time."""
    if failures <= free:
        return timedelta(0)
    return min(timedelta(seconds=2.0 ** min(failures - free, 20)), LONGEST_PAUSE)


def check_may_try(failures: int, last_at: datetime, now: datetime, *, free: int = FREE_FAILURES) -> None:
    """Raises TooMany while the pause after the last wrong password has not passed."""
    left = last_at + pause_after(failures, free=free) - now
    if left > timedelta(0):
        raise TooMany("access.error.slow_down", retry_seconds=int(left.total_seconds()) + 1)


def is_session_over(created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session has been idle or alive for too long."""
    return now - seen_at > IDLE or now - created_at > ABSOLUTE


def clean_login(login: str) -> str:
    """An account's name as it is compared. Raises BadInput where it is empty or too long."""
    login = login.strip().casefold()
    if not login or len(login) > 200 or any(c.isspace() for c in login):
        raise BadInput("access.error.bad_login", field="login")
    return login


def clean_email(email: str) -> str:
    """An employee's address as it is compared. Raises BadInput where it is none."""
    email = email.strip().casefold()
    if len(email) > 200 or not _EMAIL.fullmatch(email):
        raise BadInput("access.error.bad_email", field="email")
    return email


def clean_name(name: str) -> str:
    """A person's or a thing's name, trimmed. Raises BadInput where it is empty or too long."""
    name = one_line(name)
    if not name or len(name) > 200:
        raise BadInput("access.error.bad_name", field="name")
    return name


def clean_timezone(name: str) -> str:
    """An IANA time zone's name. Raises BadInput where there is none of that name."""
    if name not in available_timezones():
        raise BadInput("access.error.bad_timezone", field="timezone")
    return name
