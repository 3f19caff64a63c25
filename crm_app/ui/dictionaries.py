"""Writes the browser's dictionaries: one JavaScript module per language, from the texts of every feature."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from crm_app.core.i18n import LOCALES, catalogue
from crm_app.core.settings import settings

DEFAULT = settings().locale
SERVERS_OWN = re.compile(r"\.error\.|^api\.")
QUOTED = re.compile(r'[( ]t\("([a-z_.]+)"')
PACKAGE = Path(__file__).resolve().parent.parent
FOLDER = Path("assets") / "external" / "crm_app" / "ui" / "i18n"


def browser_texts(locale: str) -> dict[str, Any]:
    """The texts that a page may ask for. Refusals and the API's words, which the server says, would be dead weight.

    One that a screen names all the same is in.
    """
    named = _named_by_screens()
    return {key: text for key, text in catalogue(locale).items() if key in named or not SERVERS_OWN.search(key)}


@cache
def _named_by_screens() -> frozenset[str]:
    sources = [*PACKAGE.glob("ui/*.py"), *PACKAGE.glob("*/screens/**/*.py")]
    return frozenset(key for path in sources for key in QUOTED.findall(path.read_text(encoding="utf-8")))


def write_dictionaries(folder: Path = FOLDER) -> None:
    """Write `ru.js`, `en.js` and `locales.js` beside the linked i18n.js; files that would not change are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for locale in LOCALES:
        _write(folder / f"{locale}.js", f"export default {_compact(browser_texts(locale))};\n")
    _write(folder / "locales.js", _index())


def _index() -> str:
    others = ", ".join(f'{locale}: () => import("./{locale}.js")' for locale in LOCALES if locale != DEFAULT)
    return (
        f'import first from "./{DEFAULT}.js";\nexport const DEFAULT = "{DEFAULT}";\n'
        f"export {{ first }};\nexport const loaders = {{ {others} }};\n"
    )


def _compact(texts: dict[str, Any]) -> str:
    return json.dumps(texts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
