"""Many clients at once, and clients out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from crm_app.cards.actions import bulk
from crm_app.cards.actions.groups import take_out_of_group
from crm_app.cards.queries.every_card import list_tags, see_timeline
from crm_app.clients import export
from crm_app.clients.actions.bulk import change_clients, group_clients, remove_clients, restore_clients
from crm_app.clients.importer import REMARK, sources
from crm_app.clients.intake import COLUMNS, Terms
from crm_app.clients.queries import list_clients
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, TooBig
from tests import make

REGULAR = {"field": "status", "op": "eq", "value": "regular"}


def test_ticked_clients_are_changed_and_each_tells_what_was_before(ann: Actor) -> None:
    one, two = make.client(ann, "Раз", status="regular"), make.client(ann, "Два", status="current")
    make.client(ann, "Три")
    assert perform(ann, change_clients, ids=[one.id, two.id], values={"status": "current"}) == 1
    assert [row.status for row in perform(ann, list_clients).rows] == ["current", "current", ""]
    fact = perform(ann, see_timeline, card="client", card_id=one.id)[0]
    assert fact.details["changes"] == {"status": ["regular", "current"]}


def test_all_that_a_filter_leaves_are_changed(ann: Actor, olga: Actor) -> None:
    for name in ("Раз", "Два"):
        make.client(ann, name, status="regular")
    make.client(ann, "Три")
    assert perform(ann, change_clients, where=REGULAR, values={"responsible_id": olga.id}) == 2
    assert [row.responsible for row in perform(ann, list_clients).rows] == ["Ольга", "Ольга", "Анна"]


def test_a_tag_is_added_once(ann: Actor, adam: Actor) -> None:
    client = make.client(ann)
    assert perform(adam, change_clients, ids=[client.id], add_tag="опт") == 1
    assert perform(adam, change_clients, ids=[client.id], add_tag="#ОПТ") == 0
    assert perform(ann, list_tags, card="client", card_id=client.id) == ["опт"]


def test_clients_go_into_a_group_by_its_name_and_out_again(ann: Actor, olga: Actor) -> None:
    one, hers = make.client(ann, "Раз"), make.client(olga, "Её")
    done = perform(ann, group_clients, group="Выставка", ids=[one.id, hers.id])
    again = perform(ann, group_clients, group="выставка")
    assert (done.ids, again.ids, again.group_id) == ([one.id, hers.id], [], done.group_id)
    where = {"field": "group", "op": "has", "value": str(done.group_id)}
    assert len(perform(ann, list_clients, where=where).rows) == 2
    perform(ann, take_out_of_group, group_id=done.group_id, ids=done.ids)
    assert perform(ann, list_clients, where=where).rows == []


def test_what_one_does_not_see_goes_into_no_group(ann: Actor, bob: Actor) -> None:
    his, greg = make.client(bob, "Его"), make.guest(ann)
    assert perform(ann, group_clients, group="Выставка", ids=[his.id]).ids == []
    with pytest.raises(BadInput):
        perform(ann, group_clients, group=" ")
    with pytest.raises(Forbidden):
        perform(greg, group_clients, group="Выставка")


def test_what_is_not_ones_own_stays_as_it_is(ann: Actor, olga: Actor, bob: Actor) -> None:
    mine, hers, his = make.client(ann, "Моя"), make.client(olga, "Её"), make.client(bob, "Его")
    ids = [mine.id, hers.id, his.id]
    assert perform(ann, change_clients, ids=ids, values={"status": "current"}) == 1
    assert perform(ann, remove_clients, ids=ids) == [mine.id]
    assert perform(bob, list_clients).rows[0].status == ""


def test_removal_is_taken_back(ann: Actor, olga: Actor) -> None:
    ids = [make.client(ann, name).id for name in ("Раз", "Два")]
    gone = perform(ann, remove_clients)
    assert (gone, perform(ann, list_clients).rows) == (ids, [])
    assert perform(ann, restore_clients, ids=[*gone, 999]) == 2
    assert len(perform(ann, list_clients, q="раз").rows) == 1


@pytest.mark.parametrize("values", [{"name": "Все"}, {"status": "x" * 100}, {"responsible_id": 999}])
def test_only_a_few_fields_are_changed_in_bulk_and_rightly(ann: Actor, values: dict) -> None:
    with pytest.raises(BadInput):
        perform(ann, change_clients, ids=[make.client(ann).id], values=values)


def test_too_many_are_refused(ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [make.client(ann, name).id for name in ("Раз", "Два")]
    monkeypatch.setattr(bulk, "MOST", 1)
    for ability, arguments in ((change_clients, {}), (remove_clients, {}), (restore_clients, {"ids": ids})):
        with pytest.raises(TooBig):
            perform(ann, ability, **arguments)


def test_a_read_only_field_is_refused(ann: Actor) -> None:
    limited = replace(ann, read_only={"client": frozenset({"status"})})
    with pytest.raises(Forbidden):
        perform(limited, change_clients, ids=[make.client(ann).id], values={"status": "current"})


def test_marketers_and_strangers_change_nothing(ann: Actor, mary: Actor) -> None:
    client = make.client(ann)
    for ability, arguments in (
        (change_clients, {"values": {"status": "x"}}),
        (remove_clients, {}),
        (restore_clients, {}),
    ):
        for nobody, refusal in ((mary, Forbidden), (NOBODY, NeedsLogin)):
            with pytest.raises(refusal):
                perform(nobody, ability, ids=[client.id], **arguments)


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
