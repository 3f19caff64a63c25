"""A worker as a process that is forked from one with everything imported: starting it takes no time."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from crm_app import cli, features, worker

__all__ = ["work", "worker"]

features.load()


def work(environment: dict[str, str], log: Path) -> None:
    """`python -m crm_app worker` under these settings, its words in the log."""
    os.environ.update(environment)
    with log.open("ab") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())
    sys.exit(cli.main(["worker"]))
