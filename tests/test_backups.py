"""`python -m crm_app backup` and `restore`: all of an installation goes out and comes back, or nothing changes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from crm_app import cli
from crm_app.access.queries import actor_by_email
from crm_app.clients.actions.cards import add_client
from crm_app.clients.queries import count_clients, list_clients
from crm_app.core import clock, db, files, jobs, presence, tables
from crm_app.core.door import perform
from crm_app.core.secret import key_for
from crm_app.core.settings import forget_settings, read_env_file, settings
from tests import people
from tests.conftest import NewInstallation

PLACE = "ab" + "0" * 38


@pytest.fixture
def filled(new_installation: NewInstallation, capsys: pytest.CaptureFixture[str]) -> Path:
    """An installation with the story of the demo company in every table, a file and a secret."""
    data = new_installation()
    assert cli.main(["demo", "--clients", "60", "--deals", "40"]) == 0
    put_file(PLACE, b"a contract")
    key_for("test")
    capsys.readouterr()
    return data


def put_file(place: str, content: bytes) -> None:
    path = files.path_of(place)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


def everything() -> dict[str, list[str]]:
    """Every row of every table that is copied."""
    with db.database().reader.begin() as connection:
        return {
            table.name: sorted(normal(row) for row in tables.rows_of(connection, table))
            for table in tables.tables_of(connection)
        }


def normal(row: list[Any]) -> str:
    """A row in which JSON looks the same whichever database has formatted it."""
    return json.dumps([as_json(value) for value in row], sort_keys=True)


def as_json(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value.startswith(("{", "[", '"')) else value
    except ValueError:
        return value


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_all_of_it_comes_back_on_either_database(
    filled: Path, new_installation: NewInstallation, tmp_path: Path, target: str
) -> None:
    archive, before, key = tmp_path / "all.zip", everything(), key_for("test")
    assert {"client", "deal", "mailing", "delivery", "task", "fact", "search_entry"} <= before.keys()
    assert cli.main(["backup", str(archive)]) == 0
    assert archive.stat().st_mode & 0o777 == 0o600

    new_installation(target)
    assert cli.main(["restore", str(archive)]) == 0
    after = everything()
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    assert after.keys() == before.keys()
    assert files.path_of(PLACE).read_bytes() == b"a contract"
    assert key_for("test") == key and settings().secret_file.stat().st_mode & 0o777 == 0o600
    life_goes_on()


PEM = b"-----BEGIN PRIVATE KEY-----\nMIIB+/aa\nbb==\n-----END PRIVATE KEY-----\n"


def test_settings_and_the_dkim_key_come_along_and_are_laid_aside(
    filled: Path, new_installation: NewInstallation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    archive, key = tmp_path / "all.zip", tmp_path / "dkim.pem"
    key.write_bytes(PEM)
    given = {"CRM_SMTP_URL": "smtp://crm:s3cret=#@mail.example:587", "CRM_DKIM_KEY_FILE": str(key), "CRM_LOG": "json"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    forget_settings()
    assert cli.main(["backup", str(archive)]) == 0
    assert "the DKIM key and the settings with their passwords" in capsys.readouterr().out
    assert archive.stat().st_mode & 0o777 == 0o600

    for name in given:
        monkeypatch.delenv(name)
    data = new_installation()
    assert cli.main(["restore", str(archive)]) == 0
    told = capsys.readouterr().out
    assert f"{data}/restored/dkim.pem and {data}/restored/settings.env" in told and "s3cret" not in told
    for place in (data / "restored").iterdir():
        assert place.stat().st_mode & 0o777 == 0o600
    assert (data / "restored" / "dkim.pem").read_bytes() == PEM
    known = read_env_file(data / "restored" / "settings.env")
    assert given.items() <= known.items() and known["CRM_DATA"] == str(filled)
    assert settings().smtp_url == "", "nothing that an archive says is put to use by itself"


def test_a_key_that_is_gone_is_said_before_anything_is_written(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CRM_DKIM_KEY_FILE", str(tmp_path / "nowhere.pem"))
    forget_settings()
    assert cli.main(["backup", str(tmp_path / "all.zip")]) == 2
    assert "nowhere.pem can't be read" in said(capsys)
    assert list(tmp_path.glob("*.zip")) == []


def test_an_archive_of_the_first_format_is_still_good(filled: Path, tmp_path: Path) -> None:
    archive, before = tmp_path / "all.zip", everything()
    cli.main(["backup", str(archive)])
    held = members(archive)
    manifest = {**json.loads(held["backup.json"]), "format": 1}
    old = {name: content for name, content in held.items() if name != "settings.env"}
    write_members(archive, {**old, "backup.json": json.dumps(manifest).encode()})
    assert cli.main(["restore", str(archive), "--replace"]) == 0
    assert everything() == before and not (filled / "restored").exists()


def life_goes_on() -> None:
    """People work on: ids go on after the last, and what was there is found."""
    adam = perform(people.SYSTEM, actor_by_email, email="adam@demo.example")
    known = perform(adam, list_clients).rows[0]
    assert known.id in {row.id for row in perform(adam, list_clients, q=known.name).rows}
    before = perform(adam, count_clients)
    made = perform(adam, add_client, values={"name": "Новый"})
    assert perform(adam, count_clients) == before + 1 and made.id > known.id


def test_a_company_is_replaced_only_on_purpose_and_kept(
    filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    within_one_second = clock.now()
    monkeypatch.setattr(clock, "now", lambda: within_one_second)
    archive, before, later = tmp_path / "all.zip", everything(), "cd" + "1" * 38
    assert cli.main(["backup", str(archive)]) == 0
    life_goes_on()
    put_file(later, b"of later")
    changed = everything()

    assert cli.main(["restore", str(archive)]) == 2
    assert "--replace" in said(capsys) and everything() == changed

    assert cli.main(["restore", str(archive), "--replace"]) == 0
    assert everything() == before
    assert files.path_of(PLACE).is_file() and not files.path_of(later).exists()

    (kept,) = (filled / "backups").glob("replaced-*.zip")
    assert cli.main(["restore", str(kept), "--replace"]) == 0
    assert everything() == changed and files.path_of(later).read_bytes() == b"of later"
    first, second = (members(path) for path in sorted((filled / "backups").glob("replaced-*.zip"), key=written))
    assert first["tables/client.jsonl"] != second["tables/client.jsonl"], "both companies that were replaced are kept"


def written(path: Path) -> int:
    return path.stat().st_mtime_ns


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line of what was wrong."""
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_what_is_another_programs_is_left_alone(filled: Path, tmp_path: Path) -> None:
    with db.database().writer.begin() as connection:
        connection.execute(text("CREATE TABLE somebody_elses (id INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO somebody_elses VALUES (7)"))
    archive, before = tmp_path / "all.zip", everything()
    assert cli.main(["backup", str(archive)]) == 0
    assert cli.main(["restore", str(archive), "--replace"]) == 0
    assert everything() == before and before["somebody_elses"] == ["[7]"]


def test_nothing_is_restored_while_somebody_works(
    filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "all.zip"
    cli.main(["backup", str(archive)])
    before = everything()
    with presence.among_others(filled):
        assert cli.main(["restore", str(archive), "--replace"]) == 2
    assert "stop it first" in said(capsys)

    jobs.beat(db.database(), "of another machine", clock.now())
    assert cli.main(["restore", str(archive), "--replace"]) == 2
    assert "A worker has been at work" in said(capsys) and everything() == before

    with presence.alone(filled):
        assert cli.main(["worker"]) == 2
    assert "is being restored" in said(capsys)


KILLED = """
import os, signal, sys
from crm_app import cli
from crm_app.core import tables
tables.references_now = lambda _: os.kill(os.getpid(), signal.SIGKILL)
cli.main(["restore", sys.argv[1], "--replace"])
"""


def test_a_restore_that_is_killed_leaves_the_old_state(filled: Path, tmp_path: Path) -> None:
    archive = tmp_path / "all.zip"
    cli.main(["backup", str(archive)])
    life_goes_on()
    before = everything()
    ended = subprocess.run([sys.executable, "-c", KILLED, str(archive)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert everything() == before and files.path_of(PLACE).is_file()
    assert cli.main(["restore", str(archive), "--replace"]) == 0
    assert everything() != before


def test_what_is_no_backup_changes_nothing(filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "all.zip", tmp_path / "bad.zip"
    cli.main(["backup", str(good)])
    before, held = everything(), members(good)
    manifest = json.loads(held["backup.json"])
    rows = held["tables/client.jsonl"].splitlines(keepends=True)
    newer, fewer = {**manifest, "revision": "of-tomorrow"}, {**manifest, "files": 7}
    wrong: list[tuple[bytes | dict[str, bytes], str]] = [
        (b"not a zip", "no backup"),
        (good.read_bytes()[:-40_000], "no backup"),
        (with_a_wrong_bit(good.read_bytes()), "no backup"),
        ({}, "no backup"),
        ({**held, "backup.json": b"[]"}, "doesn't say what it is"),
        ({**held, "backup.json": json.dumps(newer).encode()}, "newer version"),
        ({**held, "backup.json": json.dumps(fewer).encode()}, "doesn't hold what it says"),
        ({**held, "files/ab/../../../evil": b"x"}, "it holds 'files/ab"),
        ({**held, "/etc/evil": b"x"}, "it holds '/etc/evil'"),
        ({**held, "secret": b"short"}, "its secret is none"),
        ({**held, "settings.env": b"LD_PRELOAD=/tmp/evil.so\n"}, "its settings.env is none"),
        ({**held, "settings.env": b"CRM_LOG=text\n#" + b"x" * 200_000}, "its settings.env is too large"),
        ({**held, "dkim.pem": b"#!/bin/sh\n"}, "its dkim.pem is none"),
        ({**held, "restored/dkim.pem": b"x"}, "it holds 'restored/dkim.pem'"),
        ({**held, "backup.json": json.dumps({**manifest, "format": 3}).encode()}, "newer version"),
        ({**held, "tables/client.jsonl": b"".join(rows[:-1])}, "rows of client are missing"),
        ({**held, "tables/client.jsonl": b"{}\n"}, "a row of client is none"),
        ({**held, "tables/client.jsonl": b'["id; DROP TABLE deal"]\n[1]\n'}, "other columns"),
        ({**held, "tables/client.jsonl": b"".join([*rows[:-1], rows[1]])}, "nothing was changed"),
        ({**held, "tables/deal.jsonl": held["tables/deal.jsonl"].replace(b"2026-", b"never-")}, "no backup"),
    ]
    for content, reason in wrong:
        if isinstance(content, bytes):
            bad.write_bytes(content)
        else:
            write_members(bad, content)
        assert cli.main(["restore", str(bad), "--replace"]) == 2, reason
        assert reason in said(capsys)
    assert everything() == before and files.path_of(PLACE).read_bytes() == b"a contract"
    assert not (tmp_path / "evil").exists() and not (filled / "restored").exists()


def with_a_wrong_bit(content: bytes) -> bytes:
    place = len(content) // 3
    return content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]


def members(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def write_members(archive: Path, held: dict[str, bytes]) -> None:
    with zipfile.ZipFile(archive, "w") as written:
        for name, content in held.items():
            written.writestr(name, content)


def test_there_is_nothing_to_back_up_before_the_first_start(
    new_installation: NewInstallation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_installation()
    assert cli.main(["backup", str(tmp_path / "all.zip")]) == 2
    assert "no database" in said(capsys)
    assert cli.main(["restore", str(tmp_path / "all.zip")]) == 2
    assert "No such file" in said(capsys) and list(tmp_path.glob("*.zip")) == []
