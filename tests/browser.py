"""Finds the Chromium that browser tests use; `python -m tests.browser` installs Debian's where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)


@cache
def chromium() -> str:
    """The path of Chromium: CRM_CHROMIUM names one, else the first that is installed. Raises FileNotFoundError."""
    for found in (os.environ.get("CRM_CHROMIUM"), *map(shutil.which, NAMES)):
        if found:
            return found
    raise FileNotFoundError("Browser tests need Chromium: install it, or name it in CRM_CHROMIUM.")


def install() -> None:
    """Debian's package, when this person may install one."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    subprocess.run(["apt-get", "update", "-q"], check=True)
    subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"], check=True)


if __name__ == "__main__":
    if not (os.environ.get("CRM_CHROMIUM") or any(map(shutil.which, NAMES))):
        install()
    try:
        print(f"Browser tests use {chromium()}")
    except FileNotFoundError as problem:
        sys.exit(str(problem))
