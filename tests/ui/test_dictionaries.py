"""What the browser's dictionaries hold, and that no page asks for a text that is not there."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from crm_app.core.i18n import LOCALES, catalogue
from crm_app.features import FEATURES
from crm_app.ui import menu
from crm_app.ui.dictionaries import COMMON, DEFAULT, browser_texts, part_module, part_of, write_dictionaries
from crm_app.ui.i18n import t

PACKAGE = Path(__file__).resolve().parents[2] / "crm_app"
SCREENS = sorted([*PACKAGE.glob("ui/*.py"), *PACKAGE.glob("*/screens/**/*.py")])
ASKING = {"t": 0, "MenuEntry": 0, "Creation": 0, "panel": 0}
"""Functions that take a text's key, and as which argument."""


def asked_keys(path: Path) -> Iterator[str]:
    """The keys that stand as plain strings in a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in ASKING:
            continue
        place = ASKING[node.func.id]
        argument = node.args[place] if len(node.args) > place else None
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_text_that_a_page_asks_for_is_in_the_browser(path: Path) -> None:
    known = browser_texts("ru")

    assert sorted(set(asked_keys(path)) - known.keys()) == []


def test_what_only_the_server_says_does_not_travel() -> None:
    asked = {key for path in SCREENS for key in asked_keys(path)}

    assert "core.error.not_found" in catalogue("ru")
    assert {key for key in browser_texts("ru") if ".error." in key or key.startswith("api.")} <= asked


def test_dictionaries_are_modules_with_every_text_in_one_of_them(tmp_path: Path) -> None:
    write_dictionaries(tmp_path)

    for locale in LOCALES:
        written = [texts_of(path) for path in tmp_path.glob(f"{locale}.*js")]
        assert sum(map(len, written)) == len(browser_texts(locale))
        assert {key: text for texts in written for key, text in texts.items()} == browser_texts(locale)
    index = (tmp_path / "locales.js").read_text(encoding="utf-8")
    assert f'import first from "./{DEFAULT}.js"' in index
    assert all(f'import("./{path.name}")' in index for path in tmp_path.glob("??.*js") if path.name != f"{DEFAULT}.js")


def texts_of(path: Path) -> dict[str, object]:
    """The texts of a written module."""
    object_in_it = re.search(r"\{\".*\}(?=;)", path.read_text(encoding="utf-8"))
    return dict(json.loads(object_in_it.group())) if object_in_it else {}


def test_a_part_of_the_default_language_makes_itself_known(tmp_path: Path) -> None:
    write_dictionaries(tmp_path)

    assert 'add("mailings", texts)' in (tmp_path / part_module("mailings")).read_text(encoding="utf-8")
    assert "add(" not in (tmp_path / part_module(COMMON)).read_text(encoding="utf-8")


def test_menus_and_titles_are_in_what_every_page_has() -> None:
    rooms = [f"crm_app.{feature}.screens" for feature in FEATURES]
    pages = [page for room in rooms if find_spec(room) for page in getattr(import_module(room), "PAGES", ())]
    in_menus = (
        {one.key for one in menu.entries()} | {one.key for one in menu.creations()} | {page.title for page in pages}
    )

    assert len(in_menus) > 20
    assert {key for key in in_menus if part_of(key) != COMMON} == set()


def test_a_text_named_by_a_page_brings_its_part() -> None:
    library = f"$/public/external/crm_app/ui/i18n/{part_module('mailings')}"

    assert library in imported("mailings.preview")
    assert library not in imported("mailings.title")


def imported(key: str) -> set[str]:
    """The modules that a page imports for a text."""
    data = t(key)._get_all_var_data()
    return {module for module, _ in data.imports} if data else set()


def test_files_that_would_not_change_are_left_alone(tmp_path: Path) -> None:
    write_dictionaries(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    write_dictionaries(tmp_path)

    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
