"""Every benchmark can be started by itself, as `make bench` starts it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BENCHES = [path.stem for path in sorted((ROOT / "bench").glob("[a-z]*.py"))]


@pytest.mark.parametrize("name", BENCHES)
def test_a_benchmark_can_be_imported_before_anything_else_is(name: str) -> None:
    """A module that counts on what another one has registered falls over where it is the first."""
    done = subprocess.run([sys.executable, "-c", f"import bench.{name}"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
