"""`python -m crm_app demo`: fills, says who may log in, and refuses in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def demo(data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
    return subprocess.run(
        [sys.executable, "-m", "crm_app", "demo", *arguments],
        env={**inherited, "CRM_DATA": str(data), **settings},
        capture_output=True,
        text=True,
    )


def test_it_fills_once_and_adds_only_when_told(tmp_path: Path) -> None:
    first = demo(tmp_path, "--clients", "20", "--deals", "10", CRM_DEMO_PASSWORD="open sesame")
    assert first.returncode == 0, first.stderr
    assert "greg@demo.example" in first.stdout and "Password of all: open sesame" in first.stdout

    second = demo(tmp_path, "--clients", "20", "--deals", "10")
    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr == "There are demo data already: --more adds to them.\n"

    again = demo(tmp_path, "--if-empty")
    assert again.returncode == 0 and "Password of all: open sesame" in again.stdout and "Filled" not in again.stdout
    more = demo(tmp_path, "--clients", "5", "--deals", "5", "--more")
    assert more.returncode == 0 and "Filled: 5 clients, 5 deals" in more.stdout and "Password" not in more.stdout


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        (["--clients", "-1"], {}),
        (["--deals", "many"], {}),
        (["--clients", "1e9"], {}),
        (["--locale", "de"], {}),
        (["--today", "tomorrow"], {}),
        ([], {"CRM_DEMO_PASSWORD": "short"}),
        ([], {"CRM_LOCALE": "de"}),
    ],
)
def test_misuse_is_told_in_one_line(tmp_path: Path, arguments: list[str], settings: dict[str, str]) -> None:
    refused = demo(tmp_path, *arguments, **settings)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1 and "Traceback" not in refused.stderr
