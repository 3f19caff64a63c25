"""`python -m crm_app doctor`: the settings as this process sees them."""

from __future__ import annotations

import argparse

from crm_app import build
from crm_app.core.settings import SECRET_NAMES, settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(options: argparse.Namespace) -> None:
    """Print each setting with where it came from; what is secret is only said to be there."""
    chosen = settings()
    for name, source in chosen.sources.items():
        value = getattr(chosen, name.removeprefix("CRM_").lower())
        shown = "(hidden)" if value and name in SECRET_NAMES and source != "default" else value
        print(f"{name:18} {shown!s:40} {source}")
    print(f"{'page':18} {'built and up to date' if build.is_fresh() else 'to be built: make setup'}")
