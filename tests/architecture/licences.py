"""`python -m tests.architecture.licences`: writes docs/licences.md, in the words of each package itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "licences.md"
PAGE_PACKAGES = ROOT / ".web" / "node_modules"
ELSEWHERE = "not installed here"
"""Stands for the licence of a package that is locked for another platform, or of a page that was never built."""
Packages = Callable[[], list[tuple[str, str, str]]]
HEAD = """# What Kartoteka is built on, and under which licences

Made by `python -m tests.architecture.licences` from the locked requirements and the locked packages of the page; a test
holds this page against them. Kartoteka itself is under Apache-2.0.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD, "## Python, at run time\n", _table(python_packages()), "\n## In the page\n", _table(page_packages())]
    return "\n".join(parts)


def python_packages() -> list[tuple[str, str, str]]:
    """(name, version, licence) of what requirements.txt locks, by name."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    locked = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[.*?\])?==([^\s;]+)", text, re.MULTILINE)
    return [(name.lower(), version, _python_licence(name)) for name, version in sorted(locked)]


def _python_licence(name: str) -> str:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return ELSEWHERE
    meta = found.metadata
    classes = [
        line.rsplit("::", 1)[-1].strip() for line in meta.get_all("Classifier") or [] if line.startswith("License")
    ]
    licence = meta.get("License-Expression") or ", ".join(classes) or (meta.get("License") or "").split("\n")[0]
    return licence[:60] or "see the package"


def page_packages() -> list[tuple[str, str, str]]:
    """(name, version, licence) of the packages that the page asks for, by name."""
    wanted = json.loads((ROOT / "reflex.lock" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return [(name, str(version).lstrip("^~"), _page_licence(name)) for name, version in sorted(wanted.items())]


def _page_licence(name: str) -> str:
    manifest = PAGE_PACKAGES / name / "package.json"
    if not manifest.is_file():
        return ELSEWHERE
    return str(json.loads(manifest.read_text(encoding="utf-8")).get("license", "see the package"))


def _table(rows: list[tuple[str, str, str]]) -> str:
    lines = [f"| {name} | {version} | {licence} |" for name, version, licence in rows]
    return "\n".join(["| package | version | licence |", "|---|---|---|", *lines]) + "\n"


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
