"""Which keys of texts stand in the code: whole ones, and beginnings that something is put on to."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from crm_app.core.i18n import catalogue

PACKAGE = Path(__file__).resolve().parents[2] / "crm_app"
_KEY = re.compile(r"[a-z_]+(\.\w+)+")
_BEGINNING = re.compile(r"[a-z_]+\.(\w+\.)*(\w+_)?")


@cache
def rooms() -> set[str]:
    """What keys begin with."""
    return {key.partition(".")[0] for key in catalogue("ru")}


def is_in_a_room(word: str) -> bool:
    """Whether a word begins as keys do."""
    return word.partition(".")[0] in rooms()


@cache
def named() -> set[str]:
    """Whole keys that the code names."""
    in_scripts = re.findall(r"""["'`]([a-z_]+(?:\.\w+)+)["'`]""", _scripts())
    return {word for word in [*in_scripts, *filter(_KEY.fullmatch, _strings())] if is_in_a_room(word)}


@cache
def begun() -> set[str]:
    """Beginnings of keys: `t(f"deals.plan.{kind}")`, `_LABELS = {"type": "clients.type."}`."""
    found = {*_strings(), *re.findall(r"`([a-z_]+\.[\w.]*)\$\{", _scripts())}
    for tree, _ in _modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                found.add(str(node.values[0].value))
    return {word for word in found if _BEGINNING.fullmatch(word) and is_in_a_room(word)}


@cache
def pieces() -> set[str]:
    """Every word of the code, keys and prose apart, cut at its underscores: what the end of a key can be made of."""
    found = re.findall(r"\w+", _scripts())
    for tree, _ in _modules():
        for node in ast.walk(tree):
            found += [str(getattr(node, name, "") or "") for name in ("attr", "arg", "name")]
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                found.append(node.target.id)
            if isinstance(node, ast.JoinedStr):
                found += [str(part.value) for part in node.values[1:] if isinstance(part, ast.Constant)]
    found += [word for word in _strings() if " " not in word and word not in catalogue("ru")]
    return {piece for word in found for piece in cut(word)}


def cut(word: str) -> list[str]:
    """The words that a name is made of."""
    return re.split(r"[\W_]+", word)


def _strings() -> Iterator[str]:
    """Every whole string of the Python code, prose apart."""
    for tree, passed_over in _modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed_over:
                yield node.value


@cache
def _modules() -> list[tuple[ast.Module, set[int]]]:
    """Every module, with the ids of the nodes that are prose or part of a longer string."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        found.append((tree, prose | parts))
    return found


@cache
def _scripts() -> str:
    paths = [path for path in sorted(PACKAGE.rglob("*.js*")) if path.suffix in (".js", ".jsx")]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)
