"""One dictionary per language, for the browser and the server: crm_app/*/texts/{ru,en}.json merged.

A text is a string with {placeholders}, or an object of plural forms ("one", "few", "many", "other") chosen by the
parameter n.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale

from crm_app.core.settings import settings

LOCALES = ("ru", "en")
Text = str | dict[str, str]

_PACKAGE = Path(__file__).resolve().parent.parent
_PLACE = re.compile(r"\{(\w+)\}")


@lru_cache
def catalogue(locale: str) -> dict[str, Text]:
    """Every text of one language by its key. Raises ValueError where two features claim one key."""
    merged: dict[str, Text] = {}
    for path in sorted(_PACKAGE.rglob(f"texts/{locale}.json")):
        texts = json.loads(path.read_text(encoding="utf-8"))
        twice = merged.keys() & texts.keys()
        if twice:
            raise ValueError(f"{path}: keys defined twice: {sorted(twice)[:5]}")
        merged |= texts
    return merged


def text(key: str, locale: str = "", **params: Any) -> str:
    """The sentence for a key; the key itself where there is none (a test finds such keys)."""
    locale = locale if locale in LOCALES else settings().locale
    entry = catalogue(locale).get(key, key)
    if isinstance(entry, dict):
        entry = entry.get(plural_form(locale, params.get("n", 0))) or entry["other"]
    return _PLACE.sub(lambda m: _in(locale, params.get(m[1], m[0])), entry)


def _in(locale: str, param: Any) -> str:
    """A parameter in words: one that people have named in several languages is a dictionary of its names."""
    return str(param.get(locale, "")) if isinstance(param, dict) else str(param)


@lru_cache(maxsize=4096)
def plural_form(locale: str, n: float) -> str:
    """The CLDR plural category of a number in a language: "one", "few", "many" or "other"."""
    return Locale.parse(locale).plural_form(n)
