"""A child that was forked ahead: begins when it is kept, never where it is not, and is replaced like any other."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.application import running

ROOT = Path(__file__).parents[2]
SOON_SECONDS = 30.0
only_on_linux = pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")

FORKED = """
import os, sys, threading, time
from pathlib import Path
from crm_app.core.commands import CommandFailed
from crm_app.core.kept_process import KeptProcess, fork_ahead

told = Path(sys.argv[1])

def run():
    told.write_text(f"{os.getppid()} {os.environ['CRM_CHILD_OF']} {Path('/proc/self/comm').read_text()}")
    if len(sys.argv) > 2:
        raise CommandFailed("not today")
"""


def says(script: str, *arguments: object) -> str:
    """What a program prints, into both its streams."""
    command = [sys.executable, "-c", FORKED + script, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def soon(claim: Callable[[], object]) -> None:
    """Fails where a claim has not come true in a while."""
    deadline = time.monotonic() + SOON_SECONDS
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@only_on_linux
def test_the_first_child_is_the_one_that_was_forked(tmp_path: Path) -> None:
    says("fork_ahead('x', run); kept = KeptProcess('x'); kept._child.wait(); print(os.getpid())", tmp_path / "told")
    parent, named, comm = (tmp_path / "told").read_text().split()
    assert parent == named and comm == "crm-x"


@only_on_linux
def test_a_child_that_nobody_keeps_ends_without_having_begun(tmp_path: Path) -> None:
    child = int(says("fork_ahead('x', run); import crm_app.core.kept_process as k; "
                     "print(k._ahead['x']._process.pid, flush=True); os._exit(0)", tmp_path / "told"))  # fmt: skip
    soon(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)
    assert not (tmp_path / "told").exists()


@only_on_linux
def test_a_refusal_is_one_line(tmp_path: Path) -> None:
    said = says(
        "fork_ahead('x', run); import crm_app.core.kept_process as k; child = k._ahead.pop('x'); "
        "child.begin(); print(child.wait(), flush=True)",
        tmp_path / "told",
        1,
    )
    assert "not today" in said.splitlines() and "2" in said.splitlines() and "Traceback" not in said


@only_on_linux
def test_a_child_that_died_before_it_began_is_found_dead(tmp_path: Path) -> None:
    said = says(
        "fork_ahead('x', run); import crm_app.core.kept_process as k; child = k._ahead.pop('x'); "
        "child.kill(); child.wait(); child.begin(); print(child.wait(), flush=True)",
        tmp_path / "told",
    )
    assert said.split() == ["-9"]


@only_on_linux
def test_a_forked_child_is_another_one_in_announcements(tmp_path: Path) -> None:
    said = says(
        "from crm_app.core.events import origin; mine = origin(); "
        "fork_ahead('y', lambda: told.write_text(origin())); kept = KeptProcess('y'); kept._child.wait(); print(mine)",
        tmp_path / "told",
    )
    mine, childs = said.split()[0], (tmp_path / "told").read_text()
    assert len(mine) == len(childs) and mine != childs


def test_nothing_is_forked_while_a_thread_could_hold_a_lock(tmp_path: Path) -> None:
    said = says(
        "threading.Thread(target=time.sleep, args=(1,)).start(); fork_ahead('x', run); "
        "import crm_app.core.kept_process as k; print(k._ahead)",
        tmp_path / "told",
    )
    assert said.strip() == "{}"


@only_on_linux
def test_a_worker_that_dies_is_followed_by_a_program_of_its_own(tmp_path: Path) -> None:
    with running(tmp_path) as application:
        web = psutil.Process(application.process.pid)
        (forked,) = web.children()
        assert forked.name() == "crm-worker"
        forked.kill()
        soon(lambda: any(child.pid != forked.pid for child in web.children()))
        (after,) = [child for child in web.children() if child.pid != forked.pid]
        soon(lambda: after.cmdline()[-1:] == ["worker"])
