"""Clients out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from crm_app.clients import export
from crm_app.clients.importer import REMARK, sources
from crm_app.clients.intake import COLUMNS, Terms
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.errors import Forbidden, NeedsLogin
from tests import make

REGULAR = {"field": "status", "op": "eq", "value": "regular"}


def _sheet(path: Path) -> list[list[str]]:
    book = CalamineWorkbook.from_path(str(path))
    return book.get_sheet_by_index(0).to_python()


def test_what_goes_out_comes_in_again(ann: Actor, tmp_path: Path) -> None:
    make.client(
        ann, '=HYPERLINK("x")', "company", phones=["+79151234567", "+74951234567"], emails=["a@b.ru"], status="regular",
        revenue="1250000,50", inn="7707083893", first_contact="2026-11-21",
    )  # fmt: skip
    make.client(ann, "Иванов Пётр")
    target = tmp_path / "clients.xlsx"
    export.write_clients(ann, target, None, "", "ru")
    head, first, *_ = _sheet(target)
    row = dict(zip(head, first, strict=True))
    assert (row["Название или имя"], row["Телефоны"]) == ('=HYPERLINK("x")', "+79151234567, +74951234567")
    assert (row["Статус"], row["Оборот"], row["ИНН"]) == ("Постоянный", 1250000.5, "7707083893")
    preview = sources()["excel"].preview(target)
    assert [column["field"] for column in preview["columns"]] == list(export.COLUMNS)
    (batch,) = sources()["excel"].batches(target, list(export.COLUMNS), Terms({}))
    client, values = batch.prepared[0], dict(zip(COLUMNS, batch.prepared[0].values, strict=True))
    assert (values["name"], values["revenue"]) == ('=HYPERLINK("x")', 125000050)
    assert tuple(client.phones) == ("+79151234567", "+74951234567")
    assert (batch.told[0].row, batch.told[0].outcome) == (2, REMARK)
    assert "contact.problem.name_is_formula" in {code for _, _, code, *_ in batch.told[0].problems}


def test_an_export_has_what_the_filter_leaves_and_the_actor_sees(
    ann: Actor, bob: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "PAGE", 2)
    for n in range(5):
        make.client(ann, f"Клиент {n}", status="regular" if n else "")
    make.client(bob, "Чужой", status="regular")
    target = tmp_path / "clients.xlsx"
    export.write_clients(ann, target, REGULAR, "", "en")
    assert [row[0] for row in _sheet(target)][1:] == [f"Клиент {n}" for n in range(1, 5)]
    hidden = replace(ann, hidden={"client": frozenset({"phones", "status"})})
    export.write_clients(hidden, target, None, "", "ru")
    assert {row[3] for row in _sheet(target)[1:]} == {""}


def test_guests_and_strangers_export_nothing(ann: Actor, tmp_path: Path) -> None:
    guest = make.guest(ann)
    for nobody, refusal in ((guest, Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(refusal):
            export.write_clients(nobody, tmp_path / "x.xlsx", None, "", "ru")
