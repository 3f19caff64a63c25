"""Rows pasted instead of a file: what becomes of the text, and who may send it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crm_app.access import cookies, sessions
from crm_app.access.actions.sessions import open_session
from crm_app.clients import pasting, routes
from crm_app.clients.actions.imports import start_import, undo_import
from crm_app.clients.import_queries import list_imports, see_import
from crm_app.clients.pasting import as_table
from crm_app.clients.queries import list_clients, see_client
from crm_app.contacts.queries import list_contacts
from crm_app.core import files
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.door import perform
from crm_app.leads.queries.cards import list_leads
from tests.leads.make import way
from tests.work import work_off

OURS = {"X-Requested-With": "crm"}


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(files, "folder", lambda: tmp_path)
    sessions.forget_all({"sessions"})
    yield
    sessions.forget_all({"sessions"})


def paste(actor: Actor | None, text: str | bytes, card: str = "client") -> tuple[int, dict[str, object]]:
    """What the route answers."""
    client = TestClient(Starlette(routes=routes.routes))
    if actor is not None:
        account = f"{actor.kind}:{actor.id}"
        token = perform(SYSTEM, open_session, account=account, address="127.0.0.1", agent="test")
        client.cookies.set(cookies.name(), token)
    answer = client.post(f"/imports/{card}s/pasted", content=text, headers=OURS)
    return answer.status_code, answer.json()


def rows(text: str) -> list[list[str]]:
    """The table as a reader of tab separated text sees it."""
    return list(csv.reader(io.StringIO(as_table(text), newline=""), delimiter="\t", strict=True))


def test_quotes_and_line_breaks_within_cells_stay_within_them() -> None:
    text = 'Name\tNote\n"ООО ""Ёлка"""\t"one\ntwo, three"\r\n'
    assert rows(text) == [["Name", "Note"], ['ООО "Ёлка"', "one\ntwo, three"]]


def test_a_quote_that_nothing_closes_is_a_sign_like_others() -> None:
    text = 'Name\tNote\n"Ёлка" ООО\tпервая\n"24 дюйма\tвторая\n5"\tтретья'
    assert rows(text) == [["Name", "Note"], ['"Ёлка" ООО', "первая"], ['"24 дюйма', "вторая"], ['5"', "третья"]]


def test_rows_keep_their_numbers_and_their_empty_cells() -> None:
    assert rows("A\tB\tC\n\t\t\n\nx\t\t\n\ty\t") == [["A", "B", "C"], ["", "", ""], [""], ["x", "", ""], ["", "y", ""]]


def test_what_has_no_tabs_passes_as_it_is() -> None:
    for text in ('Name;Note\n"a;b";c\n', "Name,Note\na,b", "BEGIN:VCARD\nEND:VCARD\n", "", "Name"):
        assert as_table(text) == text


CELLS = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\x00\r\t"), max_size=12)


@given(some.lists(some.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_any_table_that_a_program_copies_comes_back_cell_by_cell(table: list[list[str]]) -> None:
    copied = io.StringIO()
    csv.writer(copied, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([["A", "B"], *table])
    assert rows("A\tB\n" + copied.getvalue().split("\n", 1)[1]) == [["A", "B"], *table]


@pytest.mark.parametrize("sign", ['"', '""', '"\t', '"a\t', '"""\t', '\t"\n'])
def test_hostile_quotes_take_no_longer_than_others(sign: str) -> None:
    text = "A\tB\n" + sign * (200_000 // len(sign))
    assert as_table(text)


def test_pasted_clients_go_in_and_are_taken_back(page: None, ann: Actor) -> None:
    status, made = paste(ann, 'Название\tИНН\tПримечание\nООО «Вставка»\t7707083893\t"раз\nдва, три; четыре"\n')
    assert status == 201
    import_id = int(str(made["id"]))
    state = perform(ann, see_import, import_id=import_id)
    assert state.name == "Вставленные строки" and state.mapping[:2] == ["name", "inn"]
    perform(ann, start_import, import_id=import_id)
    work_off()
    (added,) = perform(ann, list_clients, q="вставка").rows
    assert perform(ann, see_client, client_id=added.id).note == "раз\nдва, три; четыре"
    perform(ann, undo_import, import_id=import_id)
    work_off()
    assert perform(ann, list_clients, q="вставка").rows == []


def test_contacts_and_leads_are_pasted_too(page: None, ann: Actor, adam: Actor) -> None:
    way(adam)
    for card, text, listed in (
        ("contact", "Фамилия\tИмя\tТелефон\nВставкин\tПётр\t+7 962 815-40-29\n", list_contacts),
        ("lead", "Лид;Телефон\nВставленная заявка;+7 962 815-40-28\n", list_leads),
    ):
        status, made = paste(ann, text, card)
        assert status == 201
        perform(ann, start_import, import_id=int(str(made["id"])))
        work_off()
        assert len(perform(ann, listed, q="встав").rows) == 1


def test_too_much_nothing_and_what_is_no_text_is_refused_with_the_reason(
    page: None, ann: Actor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(routes, "LARGEST_PASTE", 2**20)
    for text, code, word in (
        ("Название\tИНН\n" * 80_000, 413, "не больше 1 МБ"),
        (" \n\t\n", 422, "заголовками"),
        ("", 422, "заголовками"),
        (b"\xff\xfe\xfa", 422, "символы"),
    ):
        status, problem = paste(ann, text)
        assert status == code and word in str(problem["detail"])
    assert pasting.LARGEST_PASTE == 2 * 2**20
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert perform(ann, list_imports, limit=5, card="client") == []


def test_who_must_not_import_pastes_nothing(page: None, mary: Actor, greg: Actor, tmp_path: Path) -> None:
    table = "Название\tИНН\nООО «Чужая»\t7707083893\n"
    assert paste(mary, table)[0] == 403
    assert paste(greg, table)[0] in (403, 404)
    assert paste(None, table)[0] == 401
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
