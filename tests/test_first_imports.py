"""Every command and every benchmark can be the first that a process imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from crm_app.cli import COMMANDS

ROOT = Path(__file__).parent.parent
BENCHES = [f"bench.{path.stem}" for path in sorted((ROOT / "bench").glob("[a-z]*.py"))]


@pytest.mark.parametrize("module", [*BENCHES, *(command.module for command in COMMANDS.values())])
def test_a_program_can_be_imported_before_anything_else_is(module: str) -> None:
    """A module that counts on what another one has registered falls over where it is the first."""
    done = subprocess.run([sys.executable, "-c", f"import {module}"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
