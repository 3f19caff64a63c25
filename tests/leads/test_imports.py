"""Leads from files: named or not, of a source and a campaign, somebody's or given out by rule; taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from crm_app.access.models import Role
from crm_app.cards.actions.bulk_changes import start_bulk, undo_bulk
from crm_app.clients.actions.imports import check_import, set_up_import, start_import, undo_import
from crm_app.clients.actions.mending import mend_row
from crm_app.clients.import_queries import see_import
from crm_app.core import files
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, CrmError, Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.intake.actions.distribution import add_rule
from crm_app.leads.actions.cards import change_lead
from crm_app.leads.queries.cards import list_leads, see_lead
from crm_app.leads.queries.importing import list_import_pipelines
from crm_app.pipelines.actions.arranging import create_pipeline_from_preset
from crm_app.tasks.actions.editing import create_task
from tests import people
from tests.clients.test_import_changes import snapshot
from tests.clients.test_imports import lines, run
from tests.clients.test_imports import upload as upload_file
from tests.leads import make
from tests.work import work_off

HEAD = "Название;Контактное лицо;Телефон;E-mail;Компания;Источник;Канал;Кампания;Интерес;Метки"
ROWS = "\n".join([
    "Двадцать насосов;Иванов Иван;89161234567;i@i.ru;ООО «Вектор»;Выставка;Звонок;осень;Насосы;вип",
    ";Петрова Анна;89161234568;;;Листовка;голубь;;;",
    ";;89161234569;;;;;;;",
    "Ещё раз;Иванов Иван;89161234567;;;;;;;",
    ";;;;;;;;;одна метка",
    "Без телефона;;нет его;;;;;;;",
])  # fmt: skip


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "folder", lambda: tmp_path / "files")


def upload(actor: Actor, content: str | Path = f"{HEAD}\n{ROWS}") -> int:
    return upload_file(actor, content, "lead")


def found(actor: Actor, words: str) -> Any:
    (row,) = perform(actor, list_leads, q=words).rows
    return perform(actor, see_lead, lead_id=row.id)


def left_of(counts: dict[str, int]) -> tuple[int, ...]:
    return tuple(counts[name] for name in ("taken", "left", "stuck"))


def test_leads_come_with_all_that_is_said_of_them(ann: Actor, adam: Actor) -> None:
    way = make.way(adam, touch_minutes=30)
    import_id = upload(ann)
    checked = run(ann, check_import, import_id)
    assert (checked.state, perform(ann, list_leads).rows) == ("checked", [])
    done = run(ann, start_import, import_id)
    assert checked.counts == done.counts == {"new": 3, "duplicate": 1, "bad": 2, "remark": 1}
    lead = found(ann, "9161234567")
    assert (lead.name, lead.person, lead.organisation) == ("Двадцать насосов", "Иванов Иван", "ООО «Вектор»")
    assert (lead.source, lead.channel, lead.utm_campaign) == ("exhibition", "call", "осень")
    assert (lead.interest, lead.tags, lead.via) == ("Насосы", ["вип"], "import")
    assert lead.stage_id == way.stages[0].id and lead.touch_due_at is not None
    assert found(ann, "9161234568").name == "Петрова Анна" and found(ann, "9161234568").source == "Листовка"
    assert found(ann, "9161234569").name == "+79161234569"
    (remark,) = lines(ann, import_id, "remark")
    assert (remark.row, remark.problems[0].code) == (3, "leads.import.unknown_channel")
    assert [(bad.row, bad.problems[0].field) for bad in lines(ann, import_id, "bad")] == [(6, "name"), (7, "phones")]


def test_after_the_undo_the_database_is_as_it_was(olga: Actor, adam: Actor) -> None:
    make.way(adam)
    known = make.lead(olga, "Старый лид", phones=["89161234568"], city="Омск")
    before = snapshot()
    import_id = upload(olga)
    perform(olga, set_up_import, import_id=import_id, options={"mode": "both", "key": "phones"})
    done = run(olga, start_import, import_id)
    assert (done.counts["new"], done.counts["changed"]) == (2, 1)
    card = perform(olga, see_lead, lead_id=known.id)
    assert (card.name, card.person, card.source) == ("Старый лид", "Петрова Анна", "Листовка")
    assert left_of(run(olga, undo_import, import_id).counts) == (3, 0, 0)
    assert snapshot() == before


def test_rows_that_name_nobody_are_given_out_by_rule_and_taken_back_untouched(adam: Actor, ann: Actor) -> None:
    make.way(adam)
    perform(adam, add_rule, values={"name": "Все", "way": "round", "employee_ids": [ann.id]})
    import_id = upload(adam, "Название;Телефон;Ответственный\nПервый;89161234567;\nВторой;89161234568;Адам")
    perform(adam, set_up_import, import_id=import_id, options={"responsible_id": None})
    run(adam, start_import, import_id)
    work_off()
    assert (found(adam, "Первый").responsible_id, found(adam, "Второй").responsible_id) == (ann.id, adam.id)
    assert left_of(run(adam, undo_import, import_id).counts) == (2, 0, 0)


def test_a_lead_that_was_given_out_and_worked_with_stays(adam: Actor, ann: Actor) -> None:
    make.way(adam)
    perform(adam, add_rule, values={"name": "Все", "way": "round", "employee_ids": [ann.id]})
    import_id = upload(adam, "Название;Телефон\nПервый;89161234567")
    perform(adam, set_up_import, import_id=import_id, options={"responsible_id": None})
    run(adam, start_import, import_id)
    work_off()
    perform(ann, change_lead, lead_id=found(ann, "Первый").id, values={"city": "Тула"})
    assert left_of(run(adam, undo_import, import_id).counts) == (0, 1, 0)


def test_leads_stand_in_the_order_of_their_rows(ann: Actor, adam: Actor) -> None:
    make.way(adam)
    make.lead(ann, "Прежний")
    import_id = upload(ann, "Название\nПервый\nВторой\nТретий")
    run(ann, start_import, import_id)
    rows = [perform(ann, see_lead, lead_id=row.id) for row in perform(ann, list_leads).rows]
    assert len({row.name for row in rows}) == 4


def test_a_row_is_mended(ann: Actor, adam: Actor) -> None:
    make.way(adam)
    import_id = upload(ann)
    run(ann, start_import, import_id)
    assert perform(ann, mend_row, import_id=import_id, row=7, cells=["Без телефона", "", "89161234599"]) == "new"
    assert found(ann, "9161234599").name == "Без телефона"
    assert left_of(run(ann, undo_import, import_id).counts) == (4, 0, 0)


def test_without_a_pipeline_nothing_goes_in_and_who_must_not_imports_nothing(ann: Actor, bob: Actor) -> None:
    import_id = upload(ann)
    assert run(ann, start_import, import_id).error == "leads.error.no_pipeline"
    with pytest.raises(RuleBroken):
        perform(ann, start_import, import_id=upload(ann, "Город\nТула"))
    less = replace(ann, permissions={"lead.see": "all"})
    with pytest.raises(Forbidden):
        perform(less, start_import, import_id=import_id)
    with pytest.raises(NotFound):
        perform(bob, see_import, import_id=import_id)
    with pytest.raises(NeedsLogin):
        perform(NOBODY, start_import, import_id=import_id)
    with pytest.raises(Forbidden):
        perform(people.actor("ann"), set_up_import, import_id=import_id, options={"responsible_id": None})


def barred(actor: Actor, pipeline_id: int, scope: str = "") -> Actor:
    """The same person, whose role says something else of a pipeline."""
    return replace(actor, exceptions={"lead.create": {f"pipeline_id:{pipeline_id}": scope}})


def test_leads_go_through_the_pipeline_that_is_chosen(ann: Actor, adam: Actor) -> None:
    make.way(adam)
    second = make.way(adam, name="Вторая", touch_minutes=15)
    assert [name for _, name in perform(ann, list_import_pipelines)][1:] == ["Вторая"]
    import_id = upload(ann)
    perform(ann, set_up_import, import_id=import_id, options={"pipeline_id": second.id})
    run(ann, start_import, import_id)
    lead = found(ann, "9161234567")
    assert (lead.pipeline_id, lead.stage_id) == (second.id, second.stages[0].id)
    assert lead.touch_due_at == lead.created_at + timedelta(minutes=15)
    assert perform(ann, mend_row, import_id=import_id, row=7, cells=["Без телефона", "", "89161234599"]) == "new"
    assert found(ann, "9161234599").pipeline_id == second.id
    again = upload(ann)
    assert perform(ann, see_import, import_id=again).options["pipeline_id"] == second.id  # as the last file like it
    assert "pipeline_id" not in perform(ann, see_import, import_id=upload(barred(ann, second.id))).options


def test_a_pipeline_where_one_may_add_nothing_is_refused_also_later(ann: Actor, adam: Actor) -> None:
    make.way(adam)
    second = make.way(adam, name="Вторая")
    import_id, no_way = upload(ann), barred(ann, second.id)
    with pytest.raises(Forbidden, match="схеме"):
        perform(no_way, set_up_import, import_id=import_id, options={"pipeline_id": second.id})
    assert second.id not in [number for number, _ in perform(no_way, list_import_pipelines)]
    perform(ann, set_up_import, import_id=import_id, options={"pipeline_id": second.id})
    with pytest.raises(Forbidden):
        perform(no_way, start_import, import_id=import_id)
    deals = perform(adam, create_pipeline_from_preset, preset="basic", locale="ru")
    for wrong, refusal in ((deals.id, CrmError), (99_999, NotFound)):
        with pytest.raises(refusal):
            perform(ann, set_up_import, import_id=import_id, options={"pipeline_id": wrong})
    clients = upload_file(adam, "Название\nВектор")
    with pytest.raises(BadInput):
        perform(adam, set_up_import, import_id=clients, options={"pipeline_id": second.id})
    with pytest.raises((Forbidden, NeedsLogin)):
        perform(NOBODY, list_import_pipelines)
    assert perform(ann, list_leads).rows == []


def test_rows_of_those_for_whom_one_may_add_none_here_stay_out(adam: Actor, ann: Actor) -> None:
    second = make.way(adam, name="Вторая")
    with database().session(writes=True) as session:
        role = session.exec(select(Role).where(Role.key == "head")).one()
        role.exceptions = {"lead.create": {f"pipeline_id:{second.id}": "own"}}
        session.commit()
    olga = people.actor("olga")
    import_id = upload(olga, "Название;Ответственный\nМой;Ольга\nЧужой;Анна")
    perform(olga, set_up_import, import_id=import_id, options={"pipeline_id": second.id})
    checked = run(olga, check_import, import_id)
    done = run(olga, start_import, import_id)
    assert checked.counts == done.counts and (done.counts["new"], done.counts["bad"]) == (1, 1)
    (bad,) = lines(olga, import_id, "bad")
    assert (bad.row, bad.problems[0].code) == (3, "leads.error.for_others")
    assert [row.name for row in perform(adam, list_leads).rows] == ["Мой"]


def test_moves_and_tasks_of_many_that_were_taken_back_keep_no_lead(adam: Actor) -> None:
    way, asked = make.way(adam), {"card": "lead"}
    import_id = upload(adam, f"{HEAD}\n" + "\n".join(f"Лид {n};;8916000000{n};;;;;;;" for n in range(5)))
    assert run(adam, start_import, import_id).counts["new"] == 5
    ids = [row.id for row in perform(adam, list_leads, sort="name").rows]

    def bulk(operation: str, which: list[int], **arguments: Any) -> int:
        return perform(adam, start_bulk, **asked, operation=operation, arguments=arguments, ids=which).id or 0

    for operation, arguments in (("move", {"stage_id": way.stages[1].id}), ("task", {"title": "Позвонить"})):
        perform(adam, undo_bulk, bulk_id=bulk(operation, ids[:2], **arguments))
    bulk("move", ids[2:3], stage_id=way.stages[1].id)
    bulk("task", ids[3:4], title="Написать")
    perform(adam, create_task, title="Сам", about=[{"card": "lead", "card_id": ids[4]}])
    assert left_of(run(adam, undo_import, import_id).counts) == (2, 3, 0)
    assert [row.id for row in perform(adam, list_leads, sort="name").rows] == ids[2:]
