"""Finds the programs that tests start; `python -m tests.browser` installs the packages of Debian that are missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache

NAMES = {
    "chromium": ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"),
    "redis-server": ("redis-server", "valkey-server"),
    "postfix": ("postfix",),
}
"""Debian's package → the names that its program has, there and elsewhere."""
SETTINGS = {"chromium": "CRM_CHROMIUM", "redis-server": "CRM_REDIS_SERVER", "postfix": "CRM_POSTFIX"}
NEEDED = ("chromium", "redis-server")
"""Without the others some tests are skipped: none but root can start a Postfix."""
WAYS = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
NO_SERVER = "postfix postfix/main_mailer_type select No configuration\n"
"""Tests start a Postfix of their own: the package shall not start one that takes letters for this machine."""
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)


def chromium() -> str:
    """The path of Chromium. Raises FileNotFoundError."""
    return program("chromium")


@cache
def program(package: str) -> str:
    """The path of a package's program: a setting may name one, else the first that is found."""
    for found in (os.environ.get(SETTINGS[package]), *(shutil.which(name, path=WAYS) for name in NAMES[package])):
        if found:
            return found
    raise FileNotFoundError(f"Tests need {package}: install it, or name it in {SETTINGS[package]}.")


def is_missing(package: str) -> bool:
    try:
        program(package)
    except FileNotFoundError:
        return True
    return False


def install(packages: list[str]) -> None:
    """Debian's packages, when this person may install some."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    subprocess.run(["apt-get", "update", "-q"], check=True)
    subprocess.run(["debconf-set-selections"], input=NO_SERVER, text=True, check=True)
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    subprocess.run(command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, check=True)


if __name__ == "__main__":
    if missing := [package for package in NAMES if is_missing(package)]:
        install(missing)
    try:
        print("Tests use", *(program(name) for name in NAMES if name in NEEDED or not is_missing(name)))
    except FileNotFoundError as problem:
        sys.exit(str(problem))
