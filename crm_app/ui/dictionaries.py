"""Writes the browser's dictionaries: JavaScript modules by language and part, from the texts of every feature.

Every page has the common part; the parts of a feature, or of one of its wide pages, come with the pages that name them.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from crm_app.core.i18n import LOCALES, catalogue
from crm_app.core.settings import settings

DEFAULT = settings().locale
COMMON = ""
SERVERS_OWN = re.compile(
    r"\.error\.|\.notice\.|\.say\.|^api\.|^approvals\.|^fact\.|^mailings\.(letter|problem|trouble|unsubscribe)\."
)
QUOTED = re.compile(r'[( ]t\("([a-z_.]+)"')
PACKAGE = Path(__file__).resolve().parent.parent
FOLDER = Path("assets") / "external" / "crm_app" / "ui" / "i18n"
_ON_EVERY_PAGE = frozenset({"ui", "access", "card", "cards", "field", "fact", "messages"})
_IN_MENUS = re.compile(r"[._](title|new)$")
_OF_ONE_PAGE = {
    "access": {"setup"},
    "cards": {"bin", "bulk", "custom", "history", "links", "picture", "rights"},
    "clients": {"import"},
    "contact": {"problem"},
    "leads": {"convert"},
    "mailings": {"for_matching", "suppressions"},
    "messages": {"problem"},
    "scenarios": {"panel"},
}
"""What only one page of a room says: a part of its own."""


def browser_texts(locale: str) -> dict[str, Any]:
    """The texts that a page may ask for. Refusals, notices, histories and the API's words, which the server says,
    would be dead weight.

    One that a screen names all the same is in.
    """
    named = _named_by_screens()
    return {key: text for key, text in catalogue(locale).items() if key in named or not SERVERS_OWN.search(key)}


def part_of(key: str) -> str:
    """The part of the dictionary that holds a key: "mailings", "clients.import"; COMMON for what every page has."""
    if _IN_MENUS.search(key):
        return COMMON
    room, second = key.split(".")[:2]
    if second in _OF_ONE_PAGE.get(room, ()):
        return f"{room}.{second}"
    return COMMON if room in _ON_EVERY_PAGE else room


@cache
def _named_by_screens() -> frozenset[str]:
    sources = [*PACKAGE.glob("ui/*.py"), *PACKAGE.glob("*/screens/**/*.py")]
    return frozenset(key for path in sources for key in QUOTED.findall(path.read_text(encoding="utf-8")))


def write_dictionaries(folder: Path = FOLDER) -> None:
    """Write the modules beside the linked i18n.js; files that would not change are left alone.

    `ru.js`, `ru.mailings.js`: texts; `locales.js`: where they are. A page imports the parts that it names, in the
    default language: those make themselves known.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for locale in LOCALES:
        for part, texts in _parts(locale).items():
            _write(folder / part_module(part, locale), _module(locale, part, texts))
    _write(folder / "locales.js", _index([part for part in _parts(DEFAULT) if part != COMMON]))


def part_module(part: str, locale: str = DEFAULT) -> str:
    """The name of the module with a part's texts."""
    return f"{locale}.{part}.js" if part else f"{locale}.js"


def _parts(locale: str) -> dict[str, dict[str, Any]]:
    parts: dict[str, dict[str, Any]] = {COMMON: {}}
    for key, text in sorted(browser_texts(locale).items()):
        parts.setdefault(part_of(key), {})[key] = text
    return parts


def _module(locale: str, part: str, texts: dict[str, Any]) -> str:
    written = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    if locale != DEFAULT or part == COMMON:
        return f"export default {written};\n"
    return (
        f'import {{ add }} from "./i18n.js";\nconst texts = {written};\nadd("{part}", texts);\nexport default texts;\n'
    )


def _index(parts: list[str]) -> str:
    loaders = ",\n".join(f"  {locale}: {{ {_loaders(locale, parts)} }}" for locale in LOCALES)
    return (
        f'import first from "./{DEFAULT}.js";\nexport const DEFAULT = "{DEFAULT}";\n'
        f"export {{ first }};\nexport const loaders = {{\n{loaders}\n}};\n"
    )


def _loaders(locale: str, parts: list[str]) -> str:
    held = parts if locale == DEFAULT else [COMMON, *parts]
    return ", ".join(f'"{part}": () => import("./{part_module(part, locale)}")' for part in held)


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
