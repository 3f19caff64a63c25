"""`python -m crm_app import …` and `export …`: a person's own files, by the same abilities as the screens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from crm_app import cli, migrate
from crm_app.cards.queries.every_card import see_timeline
from crm_app.clients.queries import count_clients, list_clients
from crm_app.core import db
from crm_app.core.door import perform
from crm_app.core.settings import settings
from tests import people
from tests.conftest import NewInstallation
from tests.work import working

SAMPLES = Path(__file__).resolve().parent / "samples"


@pytest.fixture
def installation(new_installation: NewInstallation) -> Path:
    """The data folder of an installation with the cast in it, migrated as a real one is."""
    data = new_installation()
    migrate.prepare(settings(), db.database())
    people.settle()
    return data


def test_the_sample_goes_in_and_is_taken_back(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = str(SAMPLES / "clients-4940.xlsx")
    assert cli.main(["import", "clients", sample, "--dry-run"]) == 0
    assert said_counts(capsys) == {"would go in": 4710, "proposed as duplicates, not added": 180, "refused": 50}
    assert perform(people.actor("adam"), count_clients) == 0

    assert cli.main(["import", "clients", sample]) == 0
    told = capsys.readouterr().out
    assert {"    4710 in", "     180 proposed as duplicates, not added", "      50 refused"} <= set(told.splitlines())
    assert "  row 191: Название: There is no name" in told
    assert perform(people.actor("adam"), count_clients) == 4710
    report = load_workbook(installation / "reports/import-2.xlsx").active
    assert sum(row[2] == "no" for row in report.iter_rows(values_only=True)) == 50

    assert cli.main(["import", "undo", "2"]) == 0
    assert "    4710 taken back" in capsys.readouterr().out
    assert perform(people.actor("adam"), count_clients) == 0


def said_counts(capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    """What → how many, of the report's first lines."""
    lines = capsys.readouterr().out.splitlines()[1:4]
    return {what: int(number) for number, what in (line.strip().split(" ", 1) for line in lines)}


def test_a_worker_that_lives_does_the_work(installation: Path, tmp_path: Path) -> None:
    file = clients_of(tmp_path, "Название;Телефон\nВектор;89151234567\n")
    with working(beats=True):
        assert cli.main(["import", "clients", file]) == 0
    assert perform(people.actor("adam"), count_clients) == 1


def test_who_does_it_and_whose_the_clients_become_can_be_said(installation: Path, tmp_path: Path) -> None:
    file = clients_of(tmp_path, "Название\nВектор\n")
    assert cli.main(["import", "clients", file, "--as", "olga@test.example", "--responsible", "ann@test.example"]) == 0
    (row,) = perform(people.actor("ann"), list_clients).rows
    (fact,) = perform(people.actor("ann"), see_timeline, card="client", card_id=row.id)
    assert (row.responsible, fact.actor_name) == ("Анна", "Ольга")


def test_what_is_filtered_goes_out(installation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["import", "clients", clients_of(tmp_path, "Название;Город\nВектор;Тула\nЗаря;Орёл\n")])
    capsys.readouterr()
    target = tmp_path / "clients.xlsx"
    chosen = json.dumps({"field": "city", "op": "eq", "value": "Орёл"})
    assert cli.main(["export", "clients", str(target), "--filter", chosen]) == 0
    assert capsys.readouterr().out.startswith("1 clients in")
    assert [row[0] for row in load_workbook(target).active.iter_rows(values_only=True)] == ["Name", "Заря"]
    assert [path.name for path in tmp_path.glob("*.xlsx")] == ["clients.xlsx"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "clients", "/no/such/file"], "can't be read: No such file"),
        (["import", "clients", __file__], "No row of headings was found"),
        (["import", "clients", __file__, "--as", "nobody@test.example"], "nobody@test.example"),
        (["import", "clients", __file__, "--as", "mary@test.example"], "You have no right to do this"),
        (["import", "clients", __file__, "--responsible", "nobody@test.example"], "nobody@test.example"),
        (["import", "undo", "7"], "no import 7"),
        (["export", "clients", "/no/such/folder/clients.xlsx"], "can't be written"),
        (["export", "clients", "x.xlsx", "--filter", '{"field": "unheard", "op": "eq", "value": 1}'], "unheard"),
        (["export", "clients", "x.xlsx", "--filter", "{"], "a filter is a JSON object"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    installation: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert exit_code(arguments) == 2
    told = capsys.readouterr().err
    assert said in told and len(told.splitlines()) == 1
    assert not Path("x.xlsx").exists()
    assert [path for path in installation.rglob("files/*/*") if path.is_file()] == []


def test_a_database_that_was_never_migrated_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db.use(db.Database(f"sqlite:///{tmp_path}/empty.db"))
    assert cli.main(["export", "clients", f"{tmp_path}/clients.xlsx"]) == 2
    assert "python -m crm_app migrate" in capsys.readouterr().err


def exit_code(arguments: list[str]) -> int:
    """What the process would end with."""
    try:
        return cli.main(arguments)
    except SystemExit as ended:  # of the parser
        return int(str(ended.code))


def clients_of(folder: Path, text: str) -> str:
    """The path of a .csv with that text."""
    path = folder / "clients.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)
