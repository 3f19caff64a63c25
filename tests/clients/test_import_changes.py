"""Imports that change known clients: found by a key, counted before, taken back to the letter; and stopped half-way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlmodel import SQLModel

from crm_app.access.actions.roles import set_field_right
from crm_app.access.queries import list_roles
from crm_app.cards.actions.comments import add_comment
from crm_app.cards.actions.fields import add_field
from crm_app.cards.actions.tags import set_tags
from crm_app.cards.queries.every_card import see_timeline
from crm_app.cards.sources import set_source
from crm_app.clients import jobs as import_jobs
from crm_app.clients.actions.cards import add_client, change_client, remove_client
from crm_app.clients.actions.imports import check_import, set_up_import, start_import, stop_import, undo_import
from crm_app.clients.actions.mending import mend_row
from crm_app.clients.import_queries import see_import
from crm_app.clients.models import Client
from crm_app.clients.queries import count_clients, list_clients, see_client
from crm_app.contacts.models import Contact
from crm_app.core import files
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.leads.models import Lead
from tests import people
from tests.clients.test_imports import lines, run, upload
from tests.work import work_off

HEAD = "Название;ИНН;Телефон;E-mail;Город;Метки;Тип;Оборот"
INNS = ("7707083893", "7736050003", "7728168971")
JOURNAL = {
    "fact", "fact_link", "job", "client_import", "import_row", "import_cells", "import_change", "import_habit",
    "announcement", "setting",
}  # fmt: skip
"""What tells that an import was and was taken back; all other tables are as they were."""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "folder", lambda: tmp_path / "files")


def prepare(actor: Actor, rows: str, **options: Any) -> int:
    """An uploaded file that is to change clients."""
    import_id = upload(actor, f"{HEAD}\n{rows}")
    perform(actor, set_up_import, import_id=import_id, options={"mode": "both", "key": "inn", **options})
    return import_id


def snapshot() -> dict[str, list[Any]]:
    """Every row of every table, without the journal and without cards in the bin and what is theirs.

    The version of a card only grows, so that a card opened before an undo does not fit after it.
    """
    with database().session(writes=False) as session:
        gone = {
            card: set(session.execute(select(model.id).where(model.deleted_at.is_not(None))).scalars())
            for card, model in (("client", Client), ("contact", Contact), ("lead", Lead))
        }
        found: dict[str, list[Any]] = {}
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in JOURNAL:
                rows = [dict(row) for row in session.execute(select(table)).mappings()]
                if table.name in gone:
                    rows = [{**row, "version": 0} for row in rows]
                kept = [
                    row for row in rows if not any(_is_of(table.name, row, card, ids) for card, ids in gone.items())
                ]
                found[table.name] = sorted(map(repr, kept))
        entries = session.execute(text("SELECT rowid, body FROM search_entry ORDER BY 1"))
        found["search_entry"] = [tuple(row) for row in entries]
        return found


def _is_of(table: str, row: dict[str, Any], card: str, ids: set[int]) -> bool:
    """Whether a row is one of some cards, or theirs."""
    if table == card:
        return row["id"] in ids
    return row.get(f"{card}_id") in ids or (row.get("card", card) == card and row.get("card_id") in ids)


def known(actor: Actor) -> list[int]:
    """Three clients with an INN each."""
    values: list[dict[str, Any]] = [
        {
            "name": "Вектор",
            "city": "Тула",
            "phones": ["+7 915 123-45-67 доб. 12"],
            "type": "customer",
            "revenue": "100",
        },
        {"name": "Заря", "city": "Тверь", "emails": ["z@zarya.ru"]},
        {"name": "Луч", "city": "Омск"},
    ]
    made = [perform(actor, add_client, values={**each, "inn": inn}) for each, inn in zip(values, INNS, strict=True)]
    perform(actor, set_tags, card="client", card_id=made[0].id, names=["опт"])
    return [client.id or 0 for client in made]


ROWS = "\n".join([
    f"Вектор+;{INNS[0]};89157654321;v@vektor.ru;Москва;опт, новая;Инвестор;200 $",
    f"Заря;{INNS[1]};;z@zarya.ru;;;;",
    "Новый;500100732259;89150000001;;Пермь;;;",
    f"Вектор ещё раз;{INNS[0]};;;Казань;;;",
    ";500100732259x;;;;;;",
])  # fmt: skip


def test_rows_change_their_clients_add_new_ones_and_are_counted_before(olga: Actor) -> None:
    first, second, _ = known(olga)
    before, import_id = snapshot(), prepare(olga, ROWS)
    checked = run(olga, check_import, import_id)
    assert (checked.state, snapshot()) == ("checked", before)
    counts = {"new": 1, "changed": 1, "same": 1, "duplicate": 1, "bad": 1, "remark": 0}
    assert checked.counts == counts
    assert [(line.row, line.card_id) for line in lines(olga, import_id, "changed")] == [(2, first)]
    assert run(olga, start_import, import_id).counts == counts
    card = perform(olga, see_client, client_id=first)
    assert (card.name, card.city, card.type, card.version) == ("Вектор+", "Москва", "Инвестор", 2)
    assert (card.revenue, card.currency, card.emails) == (20_000, "USD", ["v@vektor.ru"])
    assert sorted(perform(olga, list_clients, q="Вектор+").rows[0].tags) == ["новая", "опт"]
    assert [str(phone) for phone in card.phones] == ["+79151234567 доб. 12", "+79157654321"]
    assert perform(olga, see_client, client_id=second).version == 1
    assert [row.id for row in perform(olga, list_clients, q="9157654321").rows] == [first]
    fact = perform(olga, see_timeline, card="client", card_id=first)[0]
    assert fact.via == "import"


def test_after_the_undo_the_database_is_as_it_was(olga: Actor, adam: Actor) -> None:
    perform(adam, add_field, card="client", kind="text", values={"name_ru": "Код"})
    known(olga)
    before = snapshot()
    rows = [f"{row};к-{number}" for number, row in enumerate(ROWS.split("\n"))]
    import_id = upload(olga, "\n".join([f"{HEAD};Код", *rows]))
    perform(olga, set_up_import, import_id=import_id, options={"mode": "both", "key": "inn", "status": "Лид"})
    run(olga, start_import, import_id)
    assert snapshot() != before
    undone = run(olga, undo_import, import_id)
    assert snapshot() == before
    assert {name: undone.counts[name] for name in ("taken", "left", "stuck")} == {"taken": 3, "left": 0, "stuck": 0}
    assert len(lines(olga, import_id, "taken")) == 3


def test_what_was_changed_since_stays_and_is_told_field_by_field(olga: Actor, adam: Actor) -> None:
    first, second, third = known(olga)
    rows = "\n".join(f"{name};{inn};;;Пермь;;;" for name, inn in zip("АБВ", INNS, strict=True))
    import_id = prepare(olga, rows)
    run(olga, start_import, import_id)
    perform(olga, change_client, client_id=first, values={"city": "Уфа"})
    perform(olga, add_comment, card="client", card_id=second, body="Звонил")
    perform(adam, remove_client, client_id=third)
    undone = run(olga, undo_import, import_id)
    assert {name: undone.counts[name] for name in ("taken", "left", "stuck")} == {"taken": 1, "left": 1, "stuck": 1}
    card = perform(olga, see_client, client_id=first)
    assert (card.name, card.city) == ("Вектор", "Уфа")
    (left,), (stuck,) = lines(olga, import_id, "left"), lines(olga, import_id, "stuck")
    assert (left.card_id, left.problems[0].field, left.problems[0].value) == (first, "city", "Город")
    assert (stuck.row, stuck.problems[0].code) == (4, "clients.import.left_gone")
    assert perform(olga, see_client, client_id=second).name == "Заря"


@pytest.mark.parametrize(
    ("key", "row"),
    [
        ("phones", "Имя;;8 915 123-45-67;;Рязань;;;"),
        ("name", "ООО ВЕКТОР;;;;Рязань;;;"),
        ("", f";{INNS[0]};;;Рязань;;;"),
    ],
)
def test_clients_are_found_by_the_chosen_key(ann: Actor, key: str, row: str) -> None:
    first, *_ = known(ann)
    import_id = prepare(ann, f"{row}\nНикто;;89990000000;;Рязань;;;", mode="update", key=key)
    done = run(ann, start_import, import_id)
    assert (done.counts["changed"], done.counts["absent"], done.counts["new"]) == (1, 1, 0)
    assert perform(ann, see_client, client_id=first).city == "Рязань"
    assert perform(ann, count_clients) == 3


def test_a_company_whose_name_reads_like_a_persons_is_found_by_its_name(ann: Actor) -> None:
    firm = perform(ann, add_client, values={"name": "Анна Каренина", "kind": "company"})
    import_id = prepare(ann, "Анна Каренина;;;;Рязань;;;", mode="update", key="name")
    assert run(ann, start_import, import_id).counts["changed"] == 1
    seen = perform(ann, see_client, client_id=firm.id)
    assert (seen.city, seen.kind) == ("Рязань", "company")
    person = perform(ann, add_client, values={"name": "Каренина Анна", "kind": "person"}, force=True)
    import_id = prepare(ann, "Анна Каренина;;;;Тула;;;", mode="update", key="name")
    assert run(ann, start_import, import_id).counts["changed"] == 1  # what the name reads like comes first
    assert perform(ann, see_client, client_id=person.id).city == "Тула"
    assert perform(ann, see_client, client_id=firm.id).city == "Рязань"


def test_a_row_that_says_what_it_is_finds_no_other_kind(ann: Actor) -> None:
    firm = perform(ann, add_client, values={"name": "Анна Каренина", "kind": "company"})
    import_id = upload(ann, "Название;Вид;Город\nАнна Каренина;физлицо;Рязань")
    asked = {"mapping": ["name", "kind", "city"], "options": {"mode": "update", "key": "name"}}
    perform(ann, set_up_import, import_id=import_id, **asked)
    assert run(ann, start_import, import_id).counts["absent"] == 1
    assert perform(ann, see_client, client_id=firm.id).city == ""


def test_a_key_that_several_have_changes_none_of_them(ann: Actor) -> None:
    for phone in ("+79150000001", "+79150000002"):
        perform(ann, add_client, values={"name": "Вектор", "phones": [phone]}, force=True)
    import_id = prepare(ann, "Вектор;;;;Рязань;;;", key="name")
    assert run(ann, start_import, import_id).counts["bad"] == 1
    assert lines(ann, import_id, "bad")[0].problems[0].code == "clients.import.many_found"


def test_cards_that_are_not_theirs_are_not_changed(ann: Actor, olga: Actor) -> None:
    hers = perform(olga, add_client, values={"name": "Вектор", "inn": INNS[0]})
    import_id = prepare(ann, f"Другое;{INNS[0]};;;Рязань;;;")
    counts = run(ann, start_import, import_id).counts
    assert (counts.get("changed", 0), counts["bad"]) == (0, 1)
    assert perform(olga, see_client, client_id=hers.id).name == "Вектор"


def test_who_may_not_change_or_see_the_key_is_refused(ann: Actor, bob: Actor, mary: Actor, adam: Actor) -> None:
    import_id = upload(ann, f"{HEAD}\n{ROWS}")
    manager = next(number for number, key, _, _ in perform(adam, list_roles) if key == "manager")
    perform(adam, set_field_right, role_id=manager, card="client", field="inn", level="hidden")
    with pytest.raises(Forbidden):
        perform(people.actor("ann"), set_up_import, import_id=import_id, options={"mode": "both", "key": "inn"})
    for actor, refusal in ((bob, NotFound), (mary, NotFound), (NOBODY, NeedsLogin)):
        with pytest.raises(refusal):
            perform(actor, stop_import, import_id=import_id)
    perform(
        ann, set_up_import, import_id=import_id, mapping=["name", *[""] * 7], options={"mode": "both", "key": "inn"}
    )
    with pytest.raises(RuleBroken):
        perform(ann, start_import, import_id=import_id)


@pytest.mark.parametrize(("what", "clients"), [(check_import, 0), (start_import, 2)])
def test_a_bad_row_is_mended_checked_again_and_goes_in(ann: Actor, bob: Actor, what: Any, clients: int) -> None:
    import_id = upload(ann, f"{HEAD}\nВектор;{INNS[0]};;;Тула;;;\nЗаря;12;слова;;Пермь;;;")
    run(ann, what, import_id)
    (bad,) = lines(ann, import_id, "bad")
    assert (bad.cells[:5], len(bad.problems)) == (["Заря", "12", "слова", "", "Пермь"], 2)
    mended = ["Заря", INNS[1], "слова", "", "Пермь"]
    assert perform(ann, mend_row, import_id=import_id, row=3, cells=mended) == "bad"
    (bad,) = lines(ann, import_id, "bad")
    assert (bad.cells, [problem.field for problem in bad.problems]) == (mended, ["phones"])
    with pytest.raises(NotFound):
        perform(bob, mend_row, import_id=import_id, row=3, cells=mended)
    mended[2] = "89150000001"
    assert perform(ann, mend_row, import_id=import_id, row=3, cells=mended) == "new"
    state = perform(ann, see_import, import_id=import_id)
    assert (state.counts["new"], state.counts["bad"], perform(ann, count_clients)) == (2, 0, clients)
    for row in (2, 3):
        with pytest.raises(RuleBroken):
            perform(ann, mend_row, import_id=import_id, row=row, cells=mended)
    if what is check_import:
        assert run(ann, check_import, import_id).counts["bad"] == 0
        assert run(ann, start_import, import_id).counts["new"] == 2
    assert [row.name for row in perform(ann, list_clients, q="9150000001").rows] == ["Заря"]
    assert run(ann, undo_import, import_id).counts["taken"] == 2


def test_a_mended_row_may_change_its_client_or_turn_out_a_copy(ann: Actor) -> None:
    first, second, _ = known(ann)
    import_id = prepare(ann, f"Вектор;{INNS[0]};слова;;Уфа;;;\nЗаря;{INNS[1]};слова;;Уфа;;;\n;;;x;;;;")
    run(ann, start_import, import_id)
    rows = {line.row: line.cells for line in lines(ann, import_id, "bad")}
    assert perform(ann, mend_row, import_id=import_id, row=2, cells=[*rows[2][:2], "", *rows[2][3:]]) == "changed"
    assert perform(ann, mend_row, import_id=import_id, row=3, cells=[*rows[3][:1], INNS[0]]) == "duplicate"
    assert perform(ann, see_client, client_id=first).city == "Уфа"
    with pytest.raises(BadInput):
        perform(ann, mend_row, import_id=import_id, row=4, cells=["x"] * 9)
    assert run(ann, undo_import, import_id).counts["taken"] == 1
    assert perform(ann, see_client, client_id=first).city == "Тула"
    assert perform(ann, see_client, client_id=second).version == 1


def test_nothing_more_goes_in_by_mending_where_imports_are_closed(ann: Actor, adam: Actor) -> None:
    import_id = upload(ann, f"{HEAD}\nВектор;{INNS[0]};слова;;Тула;;;")
    run(ann, start_import, import_id)
    perform(adam, set_source, card="client", source="import", is_open=False)
    mended = ["Вектор", INNS[0], "", "", "Тула"]
    with pytest.raises(RuleBroken):
        perform(ann, mend_row, import_id=import_id, row=2, cells=mended)
    perform(adam, set_source, card="client", source="import", is_open=True)
    assert perform(ann, mend_row, import_id=import_id, row=2, cells=mended) == "new"


def test_an_import_is_stopped_goes_on_and_adds_nobody_twice(ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id = upload(ann, "Название;E-mail\n" + "\n".join(f"Клиент {n};k{n}@b.ru" for n in range(1500)))
    with pytest.raises(RuleBroken):
        perform(ann, stop_import, import_id=import_id)
    perform(ann, start_import, import_id=import_id)
    with monkeypatch.context() as impatient:
        impatient.setattr(import_jobs.time, "sleep", lambda _: perform(ann, stop_import, import_id=import_id))
        work_off()
    stopped = perform(ann, see_import, import_id=import_id)
    assert (stopped.state, stopped.counts["new"], perform(ann, count_clients)) == ("stopped", 200, 200)
    assert run(ann, start_import, import_id).counts["new"] == perform(ann, count_clients) == 1500
    assert run(ann, undo_import, import_id).counts["taken"] == 1500


def test_a_check_that_is_stopped_leaves_the_file_ready(ann: Actor) -> None:
    import_id = upload(ann, f"{HEAD}\n{ROWS}")
    perform(ann, check_import, import_id=import_id)
    perform(ann, stop_import, import_id=import_id)
    work_off()
    assert perform(ann, see_import, import_id=import_id).state == "ready"


def test_a_card_that_was_opened_before_an_import_was_taken_back_does_not_fit_again(ann: Actor, olga: Actor) -> None:
    first, *_ = known(olga)
    import_id = prepare(olga, ROWS)
    run(olga, start_import, import_id)
    hers = perform(olga, see_client, client_id=first).version
    run(olga, undo_import, import_id)
    seen = perform(olga, see_client, client_id=first).version
    perform(olga, change_client, client_id=first, values={"city": "Уфа"}, version=seen)
    perform(olga, change_client, client_id=first, values={"note": "Звонить утром"}, version=seen + 1)
    for stale in (hers, 1):
        with pytest.raises(RuleBroken):
            perform(ann, change_client, client_id=first, values={"city": "Омск"}, version=stale)
    assert perform(olga, see_client, client_id=first).city == "Уфа"
