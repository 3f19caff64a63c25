"""`python -m crm_app dev`: the app on one port, built and started anew at every change of a source."""

from __future__ import annotations

import argparse
import os
import sys

from crm_app import build, migrate
from crm_app.core.db import database
from crm_app.core.settings import settings

NOT_SOURCES = ("var", "tests", "bench", "docs", "alembic")


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(options: argparse.Namespace) -> None:
    """The sub-command `dev`: becomes Reflex's own preview server, whose page is built but readable."""
    chosen = settings()
    migrate.prepare(chosen, database())
    command = [sys.executable, "-m", "reflex", "run", "--env", "preview"]
    command += ["--backend-host", chosen.host, "--backend-port", str(chosen.port)]
    environment = {
        **build.environment(),
        "REFLEX_FRONTEND_COMPRESSION_FORMATS": "gzip",
        "REFLEX_HOT_RELOAD_EXCLUDE_PATHS": os.pathsep.join([*NOT_SOURCES, str(chosen.data)]),
    }
    os.execve(sys.executable, command, environment)  # noqa: S606 - this process becomes the server
