"""`python -m crm_app …`: help, exit codes and errors of one line."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from crm_app import cli

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, as a person runs it."""
    return subprocess.run(
        [sys.executable, "-m", "crm_app", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_command_has_help(capsys):
    for name in cli.COMMANDS:
        with pytest.raises(SystemExit) as ended:
            cli.main([name, "--help"])
        assert ended.value.code == 0
        assert cli.COMMANDS[name].help.split()[0] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["unheard"], {}, "invalid choice"),
        (["serve", "--fast"], {}, "--fast"),
        (["doctor"], {"CRM_PORT": "x"}, "CRM_PORT"),
        (["serve"], {"CRM_WORKERS": "2"}, "CRM_REDIS_URL"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path, arguments, environment, said):
    (tmp_path / ".web/build/client").mkdir(parents=True)
    (tmp_path / ".web/build/client/index.html").touch()
    ended = run(*arguments, cwd=tmp_path, **environment)

    assert ended.returncode == 2
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_nobody_else_reads_the_database(tmp_path):
    assert run("migrate", CRM_DATA=str(tmp_path)).returncode == 0
    assert (tmp_path / "crm.db").stat().st_mode & 0o077 == 0


def test_a_taken_port_is_refused(tmp_path):
    (tmp_path / ".web/build/client").mkdir(parents=True)
    (tmp_path / ".web/build/client/index.html").touch()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("serve", cwd=tmp_path, CRM_PORT=str(port))

    assert ended.returncode == 2
    assert str(port) in ended.stderr


def test_a_page_that_is_not_built_is_asked_for(tmp_path):
    ended = run("serve", cwd=tmp_path)

    assert ended.returncode == 2
    assert "make setup" in ended.stderr


def test_the_doctor_hides_secrets(tmp_path):
    ended = run("doctor", cwd=tmp_path, CRM_SMTP_URL="smtp://ann:hush@mail.example:25", CRM_HOST="0.0.0.0")

    assert ended.returncode == 0
    assert "hush" not in ended.stdout
    assert ["CRM_SMTP_URL", "(hidden)", "environment"] in [line.split() for line in ended.stdout.splitlines()]
    assert ["CRM_HOST", "0.0.0.0", "environment"] in [line.split() for line in ended.stdout.splitlines()]
