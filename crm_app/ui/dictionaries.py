"""Writes the browser's dictionaries: one JavaScript module per language, from the texts of every feature."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

LOCALES = ("ru", "en")
DEFAULT = os.environ.get("CRM_LOCALE", "ru")
PACKAGE = Path(__file__).resolve().parent.parent
FOLDER = Path("assets") / "external" / "crm_app" / "ui" / "i18n"


def catalogue(locale: str) -> dict[str, Any]:
    """Every text of one language by its key."""
    merged: dict[str, Any] = {}
    for path in sorted(PACKAGE.rglob(f"texts/{locale}.json")):
        merged |= json.loads(path.read_text(encoding="utf-8"))
    return merged


def write_dictionaries(folder: Path = FOLDER) -> None:
    """Write `ru.js`, `en.js` and `locales.js` beside the linked i18n.js; files that would not change are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for locale in LOCALES:
        _write(folder / f"{locale}.js", f"export default {_compact(catalogue(locale))};\n")
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
