"""What must be true of comments, tags and files."""

from __future__ import annotations

import re

from crm_app.core.errors import BadInput, RuleBroken, TooBig, TooMany
from crm_app.core.folding import one_line

LONGEST_COMMENT = 20_000
LONGEST_TAG = 60
LONGEST_FILE_NAME = 180
LONGEST_SHELF_NAME = 80
MOST_ON_A_SHELF = 200
"""Filters, and groups, that one employee may have of one kind of card."""
LARGEST_FILE = 100 * 1024 * 1024

GUEST_FILES_A_DAY = 40
GUEST_BYTES_A_DAY = 200 * 1024 * 1024
"""What one guest may send within 24 hours: somebody outside must not fill the company's disk."""

_UNWANTED = re.compile(r'[\x00-\x1f\x7f"<>|:*?\\/\u202a-\u202e\u2066-\u2069]')
_MENTION = re.compile(r"@\[(\d{1,9})\]")


def clean_comment(body: str) -> str:
    """A comment's text. Raises BadInput where it is empty or too long."""
    body = body.strip()
    if not body:
        raise BadInput("cards.error.empty_comment", field="body")
    if len(body) > LONGEST_COMMENT:
        raise BadInput("cards.error.long_comment", field="body", longest=LONGEST_COMMENT)
    return body


def mentioned_in(body: str) -> list[int]:
    """Ids of the employees whom a text mentions as @[id], ascending."""
    return sorted({int(found) for found in _MENTION.findall(body)})


def clean_tag(name: str) -> str:
    """A tag's name without the leading #. Raises BadInput where it is empty or too long."""
    name = one_line(name).lstrip("#").strip()
    if not name or len(name) > LONGEST_TAG:
        raise BadInput("cards.error.bad_tag", field="tag", longest=LONGEST_TAG)
    return name


def clean_shelf_name(name: str) -> str:
    """The name of a filter or a group. Raises BadInput where it is empty or too long."""
    name = one_line(name)
    if not name or len(name) > LONGEST_SHELF_NAME:
        raise BadInput("cards.error.shelf_name", field="name", longest=LONGEST_SHELF_NAME)
    return name


def check_shelf_has_room(known: int) -> None:
    """Raises RuleBroken where an employee has as many filters or groups as one may have."""
    if known >= MOST_ON_A_SHELF:
        raise RuleBroken("cards.error.shelf_full", most=MOST_ON_A_SHELF)


def check_guest_may_send(sent: int, sent_bytes: int, size: int) -> None:
    """Raises TooMany for a guest's file that is one too many today, TooBig where all of today's would be too large."""
    if sent >= GUEST_FILES_A_DAY:
        raise TooMany("cards.error.guest_files", retry_seconds=3_600, most=GUEST_FILES_A_DAY)
    if sent_bytes + size > GUEST_BYTES_A_DAY:
        raise TooBig("cards.error.guest_bytes", megabytes=GUEST_BYTES_A_DAY // 2**20)


def clean_file_name(name: str) -> str:
    """The name shown for a file: its last part alone, without what a file system or a terminal would misread."""
    name = _UNWANTED.sub("_", re.split(r"[/\\]", name)[-1]).strip(" .")
    if len(name) > LONGEST_FILE_NAME:
        stem, dot, ending = name.rpartition(".")
        ending = (dot + ending)[:20] if stem else ""
        name = name[: LONGEST_FILE_NAME - len(ending)] + ending
    return name or "file"
