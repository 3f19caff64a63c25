"""Imports of clients over HTTP, with a worker beside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from crm_app.core.actor import Actor
from crm_app.core.settings import forget_settings
from tests.api.conftest import Program
from tests.api.test_kit import check_problem
from tests.leads import make
from tests.work import working

SHEET = (
    "Название;ИНН;Телефон;Ответственный\nООО «Ромашка»;;8 (4872) 12-34-56;Некто\nООО «Вектор»;12;;\n"
    "ООО «Ромашка»;;8 (4872) 12-34-56;\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Files of this test only."""
    monkeypatch.setenv("CRM_DATA", str(tmp_path))
    forget_settings()
    yield
    monkeypatch.undo()
    forget_settings()


def sheet(text: str = SHEET) -> dict[str, tuple[str, bytes]]:
    return {"file": ("clients.csv", text.encode("utf-8"))}


def test_a_trial_reports_each_row_and_adds_nobody(program: Program, ann: Actor) -> None:
    client = program(ann)
    with working():
        report = client.post("/clients/import?dry_run=true", files=sheet()).json()
    assert report["state"] == "checked" and report["counts"]["new"] == 1
    assert {line["row"]: line["outcome"] for line in report["lines"]} == {3: "bad", 4: "duplicate"}
    (remark,) = report["remarks"]
    assert (remark["code"], remark["rows"], remark["first_row"]) == ("unknown_employee", 1, 2) and remark["text"]
    assert report["lines"][0]["problems"][0]["field"] == "inn" and report["lines"][0]["problems"][0]["text"]
    assert client.get("/clients").json()["items"] == []


def test_an_import_is_done_reported_and_taken_back(program: Program, ann: Actor, bob: Actor) -> None:
    client = program(ann)
    with working():
        made = client.post("/clients/import?status=current", files=sheet())
        assert made.status_code == 201 and made.json()["state"] == "done", made.text
        (added,) = client.get("/clients").json()["items"]
        assert added["name"] == "ООО «Ромашка»" and added["status"] == "current"
        address = f"/imports/{made.json()['id']}"
        assert client.get(address).json() == made.json()
        assert [line["row"] for line in client.get(f"{address}/rows?outcome=bad").json()["items"]] == [3]
        check_problem(program(bob).get(address), 404)
        check_problem(program(bob).post(f"{address}/undo"), 404)
        assert client.post(f"{address}/undo").json()["state"] == "undone"
    assert client.get("/clients").json()["items"] == []
    assert [row["state"] for row in client.get("/imports").json()["items"]] == ["undone"]


def test_columns_and_defaults_are_told_as_on_the_screen(program: Program, ann: Actor) -> None:
    client = program(ann)
    columns = {"Кто": "name", "Название": "city", "Лишнее": ""}
    told = {"columns": json.dumps(columns), "defaults": json.dumps({"type": "Партнёр"})}
    content = "Кто;Название;Лишнее\nМарс;Пенза;x\n"
    with working():
        made = client.post("/clients/import", params=told, files=sheet(content))
        assert made.status_code == 201 and made.json()["state"] == "done", made.text
    assert [each["field"] for each in made.json()["columns"]] == ["name", "city", ""]
    (added,) = client.get("/clients").json()["items"]
    assert (added["name"], added["city"], added["type"]) == ("Марс", "Пенза", "partner")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"columns": '{"Нет такого": "name"}'}, "columns"),
        ({"columns": '{"Название": "shoe"}'}, "mapping"),
        ({"columns": '["name"]'}, "columns"),
        ({"columns": "name"}, "columns"),
        ({"defaults": '{"name": "Все одинаковы"}'}, "defaults"),
        ({"defaults": "5"}, "defaults"),
    ],
)
def test_columns_and_defaults_that_can_not_be_are_refused_by_name(
    program: Program, ann: Actor, told: dict[str, str], field: str
) -> None:
    client = program(ann)
    problem = check_problem(client.post("/clients/import", params=told, files=sheet()), 422)
    assert problem["reasons"][0]["field"] == field
    assert client.get("/imports").json()["items"] == []


def test_what_is_told_in_the_form_instead_of_the_query_is_not_lost_without_a_word(program: Program, ann: Actor) -> None:
    client = program(ann)
    problem = check_problem(client.post("/clients/import", data={"mode": "update"}, files=sheet()), 422)
    assert problem["reasons"][0]["field"] == "mode"
    assert client.get("/imports").json()["items"] == []


def test_who_must_not_import_sends_nothing(program: Program, mary: Actor, ann: Actor) -> None:
    check_problem(program(mary).post("/clients/import", files=sheet()), 403)
    check_problem(program(ann, "client.see").post("/clients/import", files=sheet()), 403)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\x00\x01\x02" * 50])
def test_a_broken_file_is_refused_in_words(program: Program, ann: Actor, content: bytes) -> None:
    told = check_problem(program(ann).post("/clients/import", files={"file": ("c.xlsx", content)}), 422)
    assert told["detail"]


def test_a_form_without_a_file_is_refused(program: Program, ann: Actor) -> None:
    client = program(ann)
    check_problem(client.post("/clients/import", data={"file": "text"}), 422, "no_file")
    check_problem(client.post("/clients/import", content=b"{}"), 422, "no_file")
    header = {"Content-Type": "multipart/form-data; boundary=x"}
    check_problem(client.post("/clients/import", content=b"junk", headers=header), 422, "no_file")


PEOPLE = "ФИО;Телефон;Компания\nИванов Иван;89161234567;Вектор\nПетров Пётр;телефона нет;\n"


def test_contacts_are_imported_reported_and_taken_back(program: Program, ann: Actor, mary: Actor) -> None:
    client = program(ann)
    vector = client.post("/clients", json={"name": "Вектор"}).json()
    with working():
        trial = client.post("/contacts/import?dry_run=true", files=sheet(PEOPLE)).json()
        assert (trial["kind"], trial["state"], trial["counts"]["new"]) == ("contact", "checked", 1)
        assert client.get("/contacts").json()["items"] == []
        made = client.post("/contacts/import", files=sheet(PEOPLE)).json()
        assert made["state"] == "done" and made["lines"][0]["problems"][0]["field"] == "phones"
        (added,) = client.get("/contacts").json()["items"]
        (place,) = client.get(f"/clients/{vector['id']}/contacts").json()["items"]
        assert place["contact_id"] == added["id"]
        mended = client.put(f"/imports/{made['id']}/rows/3", json={"cells": ["Петров Пётр", "89161234568", ""]})
        assert mended.json()["counts"]["new"] == 2, mended.text
        copies = client.post("/contacts/import", files=sheet(PEOPLE)).json()
        (line,) = [line for line in copies["lines"] if line["outcome"] == "duplicate"]
        assert (line["card_id"], line["client_id"]) == (added["id"], None)
        assert client.post(f"/imports/{made['id']}/undo").json()["counts"]["taken"] == 2
    assert client.get("/contacts").json()["items"] == []
    check_problem(program(mary).post("/contacts/import", files=sheet(PEOPLE)), 403)
    check_problem(program(ann, "client.import").post("/contacts/import", files=sheet(PEOPLE)), 403)
    check_problem(program(ann, "client.import").post(f"/imports/{made['id']}/undo"), 403)


def test_leads_are_imported_for_somebody_or_by_rule(program: Program, adam: Actor, ann: Actor) -> None:
    make.way(adam)
    client, text = program(adam), "Название;Телефон;Источник\nНасосы;89161234567;Выставка\n"
    with working():
        made = client.post("/leads/import?by_rule=true", files=sheet(text)).json()
        assert (made["kind"], made["state"], made["counts"]["new"]) == ("lead", "done", 1)
        (added,) = client.get("/leads").json()["items"]
        assert (added["source"], added["responsible_id"]) == ("exhibition", None)
        assert client.post(f"/imports/{made['id']}/undo").json()["counts"]["taken"] == 1
        assert client.get("/leads").json()["items"] == []
        other = make.way(adam, name="Вторая")
        client.post(f"/leads/import?pipeline_id={other.id}", files=sheet(text))
        (added,) = client.get("/leads").json()["items"]
        assert added["stage_id"] == other.stages[0].id
    check_problem(client.post("/leads/import?pipeline_id=99999", files=sheet(text)), 404)
    check_problem(program(ann).post("/leads/import?by_rule=true", files=sheet(text)), 403)
    check_problem(program(ann, "contact.import").post("/leads/import", files=sheet(text)), 403)


def workbook() -> dict[str, tuple[str, bytes]]:
    """Two sheets of clients."""
    book, content = Workbook(), BytesIO()
    for title, name in (("Первый", "Ромашка"), ("Второй лист", "Вектор")):
        page = book.create_sheet(title)
        page.append(["Название", "Город"])
        page.append([name, "Тула"])
    book.remove(book.worksheets[0])
    book.save(content)
    return {"file": ("two.xlsx", content.getvalue())}


def test_a_sheet_of_a_workbook_is_chosen(program: Program, ann: Actor) -> None:
    client = program(ann)
    with working():
        first = client.post("/clients/import?dry_run=true", files=workbook()).json()
        assert (first["sheet"], first["sheets"]) == ("Первый", ["Первый", "Второй лист"])
        made = client.post("/clients/import", files=workbook(), params={"sheet": "Второй лист"}).json()
        assert (made["state"], made["sheet"]) == ("done", "Второй лист")
        assert [each["name"] for each in client.get("/clients").json()["items"]] == ["Вектор"]
        people = client.post("/contacts/import", files=workbook(), params={"sheet": "Второй лист", "dry_run": "true"})
        assert people.json()["sheet"] == "Второй лист"


@pytest.mark.parametrize("name", ["Третий", "x" * 5_000, "\x00", "../../etc/passwd", "первый"])
def test_a_sheet_that_is_not_there_is_refused(program: Program, ann: Actor, name: str) -> None:
    for file in (workbook(), sheet()):
        told = check_problem(program(ann).post("/clients/import", files=file, params={"sheet": name}), 422)
        assert told["reasons"]
    assert program(ann).get("/imports").json()["items"] == []
