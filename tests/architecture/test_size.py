"""Small files and small functions: whoever opens one sees all of it."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 40
MOST_LINES_OF_A_COMPONENT = 50
"""A tree of components takes a line for each of its arguments, and decides nothing."""


def sources(*patterns: str) -> list[Path]:
    """Our code, without what is generated."""
    return sorted(path for pattern in patterns for path in (ROOT / "crm_app").rglob(pattern))


def test_a_file_is_short():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources("*.py", "*.js*")}

    assert {name: n for name, n in lengths.items() if n > MOST_LINES_OF_A_FILE and not name.endswith(".json")} == {}


def test_a_function_is_short():
    long: dict[str, int] = {}
    for path in sources("*.py"):
        shows = {"ui", "screens"} & set(path.relative_to(ROOT).parts)
        most = MOST_LINES_OF_A_COMPONENT if shows else MOST_LINES_OF_A_FUNCTION
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > most:
                    long[f"{path.relative_to(ROOT)}: {node.name}"] = lines

    assert long == {}
