"""What a text looks like, for columns whose heading says nothing: cheap shapes, not checks."""

from __future__ import annotations

import re

_SHAPES = (
    ("emails", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]{2,}")),
    ("site", re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)),
    ("first_contact", re.compile(r"\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}(?:[T ]\d\d:\d\d.*)?")),
    ("phones", re.compile(r"(?:\+|\b[78][ (-]*)[\d ()-]{10,16}|(?:\+?7|8)?9\d{9}|\d{3}-\d{3}-\d{2}-\d{2}")),
    ("corr_account", re.compile(r"301\d{17}")),
    ("account", re.compile(r"[34]\d{19}")),
    ("ogrn", re.compile(r"[1-9]\d{12}|[1-9]\d{14}")),
    ("inn", re.compile(r"\d{10}|\d{12}")),
    ("kpp", re.compile(r"\d{4}[\dA-Z]{2}\d{3}")),
    ("revenue", re.compile(r"-?\d{1,3}(?:[ \xa0]\d{3})+(?:[.,]\d{1,2})?|-?\d+[.,]\d{1,2}|[\d .,]+(?:₽|руб\.?|р\.)")),
)


def looks_like(text: str) -> str:
    """The field whose values look like this text, or ""."""
    for field, shape in _SHAPES:
        if shape.fullmatch(text):
            return field
    return ""
