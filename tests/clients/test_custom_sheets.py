"""Custom fields of clients in spreadsheets: out as columns of their own, and in again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crm_app.cards.queries.every_card import search_cards
from crm_app.clients import export
from crm_app.clients.actions.imports import check_import, set_up_import, start_import
from crm_app.clients.import_queries import see_import
from crm_app.clients.queries import list_clients, see_client
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput
from tests import make
from tests.cards.fields import field
from tests.clients.test_export import _sheet as sheet_of
from tests.clients.test_imports import _folder, lines, run, upload

__all__ = ["_folder"]


def test_custom_fields_are_columns_behind_the_others(ann: Actor, tmp_path: Path) -> None:
    field("number", "Площадь", name_en="Area"), field("choices", "Цвета"), field("employee", "Замерщик")
    field("formula", "Вдвое", formula="ploschad * 2")
    make.client(ann, "Вектор", fields={"ploschad": 12.5, "tsveta": ["siniy", "krasnyy"], "zamerschik": ann.id})
    make.client(ann, "Пустой")
    export.write_clients(ann, tmp_path / "ru.xlsx", None, "", "ru")
    rows = sheet_of(tmp_path / "ru.xlsx")
    assert [row[-4:] for row in rows] == [
        ["Площадь", "Цвета", "Замерщик", "Вдвое"],
        [12.5, "Красный, Синий", "Анна", 25],
        ["", "", "", ""],
    ]
    blind = replace(ann, hidden={"client": frozenset({"fields.ploschad"})})
    export.write_clients(blind, tmp_path / "blind.xlsx", None, "", "en")
    assert sheet_of(tmp_path / "blind.xlsx")[0][-3:-1] == ["Цвета", "Замерщик"]
    assert "12.5" not in str(sheet_of(tmp_path / "blind.xlsx"))


def test_columns_called_as_custom_fields_are_taken_in(ann: Actor) -> None:
    field("number", "Площадь", name_en="Area"), field("choice", "Цвет", default="Синий"), field("text", "Марка")
    field("employee", "Замерщик")
    content = "Название;AREA;Цвет;Марка;Замерщик\nВектор;12,5;красный;Москвич;Анна\nГоризонт;много;;;Никто"
    import_id = upload(ann, content)
    assert perform(ann, see_import, import_id=import_id).mapping[1:] == [
        "fields.ploschad", "fields.tsvet", "fields.marka", "fields.zamerschik",
    ]  # fmt: skip
    assert run(ann, start_import, import_id).counts["new"] == 2
    stored = {row.name: perform(ann, see_client, client_id=row.id).fields for row in perform(ann, list_clients).rows}
    assert stored == {
        "Вектор": {"ploschad": 12.5, "tsvet": "krasnyy", "marka": "Москвич", "zamerschik": ann.id},
        "Горизонт": {"tsvet": "siniy"},
    }
    (remark,) = lines(ann, import_id, "remark")
    assert [problem.field for problem in remark.problems] == ["fields.ploschad", "fields.zamerschik"]
    assert len(perform(ann, search_cards, words="москвич")) == 1


def test_a_row_without_a_required_custom_field_is_bad(ann: Actor) -> None:
    field("text", "Марка", required="creation")
    import_id = upload(ann, "Название;Марка\nВектор;\nГоризонт;Победа")
    checked = run(ann, check_import, import_id)
    assert (checked.counts["bad"], checked.counts["new"]) == (1, 1)
    assert [problem.field for problem in lines(ann, import_id, "bad")[0].problems] == ["fields.marka"]


def test_nothing_is_put_into_a_field_that_is_not_one_s_own_to_fill(ann: Actor) -> None:
    field("text", "Марка"), field("formula", "Вдвое", formula="2 * 2")
    locked = replace(ann, read_only={"client": frozenset({"fields.marka"})})
    import_id = upload(locked, "Название;Марка\nВектор;Москвич")
    assert perform(ann, see_import, import_id=import_id).mapping == ["name", ""]
    for target in ("fields.marka", "fields.vdvoe", "fields.net"):
        with pytest.raises(BadInput):
            perform(locked, set_up_import, import_id=import_id, mapping=["name", target])
