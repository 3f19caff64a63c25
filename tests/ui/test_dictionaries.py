"""What the browser's dictionaries hold, and that no page asks for a text that is not there."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_app.core.i18n import LOCALES, catalogue
from crm_app.ui.dictionaries import DEFAULT, browser_texts, write_dictionaries

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


def test_dictionaries_are_modules_with_the_texts_in_them(tmp_path: Path) -> None:
    write_dictionaries(tmp_path)

    for locale in LOCALES:
        body = (tmp_path / f"{locale}.js").read_text(encoding="utf-8")
        assert json.loads(body.removeprefix("export default ").rstrip(";\n")) == browser_texts(locale)
    index = (tmp_path / "locales.js").read_text(encoding="utf-8")
    assert f'import first from "./{DEFAULT}.js"' in index
    assert "import(" in index


def test_files_that_would_not_change_are_left_alone(tmp_path: Path) -> None:
    write_dictionaries(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    write_dictionaries(tmp_path)

    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
